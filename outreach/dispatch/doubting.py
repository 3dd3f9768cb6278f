"""What is to be done about a touch of which nobody knows whether it was sent?

Pure. In this order: what proves it settles it; a provider that can be asked is asked; one that
remembers our key is given the same once more; otherwise it waits for a receipt or a person, and
after 72 hours stays unconfirmed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from optout.model import Purpose
from outreach.channels.protocol import Capabilities

UNCONFIRMED_AFTER = timedelta(hours=72)
# A key is not relied upon in the last part of its memory: a call takes time, and clocks differ.
_SPARE = 0.1
# What may be sent once more on somebody's word, though it may then arrive twice: notices that the
# person must have. Whatever asks for something is not worth that.
MAY_GO_AGAIN = frozenset({Purpose.TRANSACTIONAL, Purpose.SERVICE})


class Step(StrEnum):
    """What comes next for a touch in doubt."""

    BELIEVE = "believe"
    ASK = "ask"
    REPEAT = "repeat"
    LET_GO = "let_go"
    CLOSE = "close"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A touch in doubt, and its calls so far.

    `first_at` is when the first of them began, and `body_hash` is of the last. `accepted`: one was
    answered with yes after all. `refused`: all were answered with no, which came too late.
    """

    touch_id: UUID
    fence: int
    first_at: datetime
    body_hash: bytes | None
    accepted: bool
    refused: bool = False


def next_step(doubt: Doubt, can: Capabilities, *, now: datetime) -> Step:
    """What to do now, with a provider that can do this."""
    if doubt.accepted:
        return Step.BELIEVE
    if doubt.refused:
        return Step.LET_GO
    age = now - doubt.first_at
    if can.looks_up:
        return Step.CLOSE if age >= UNCONFIRMED_AFTER else Step.ASK
    if can.idempotent and doubt.body_hash and age < can.memory * (1 - _SPARE):
        return Step.REPEAT
    return Step.CLOSE if age >= UNCONFIRMED_AFTER else Step.WAIT
