"""What is a passage made of, and which moves may a touch make?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from optout.model import Channel, Purpose
from outreach.campaigns.lifecycle import Stage
from outreach.campaigns.model import Campaign


class State(StrEnum):
    """Where a touch stands. A held touch is still planned, with a later instant and a reason."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    CALLING = "calling"
    SENT = "sent"
    DELIVERED = "delivered"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"


MOVED = "moved"
"""Why a touch is cancelled that the version to which its passage was moved does not ask for now."""

# The one table of allowed moves. A statement that moves a touch names the states it may come from,
# and a test holds every such statement against this table.
MOVES: Mapping[State, frozenset[State]] = {
    # Sent and delivered from here, when a receipt tells of an earlier call that was given up;
    # uncertain, when the database was promoted and may have forgotten a call.
    State.PLANNED: frozenset(
        {
            State.CLAIMED,
            State.SKIPPED,
            State.CANCELLED,
            State.SENT,
            State.DELIVERED,
            State.UNCERTAIN,
        }
    ),
    State.CLAIMED: frozenset(
        {
            State.PLANNED,
            State.CALLING,
            State.SKIPPED,
            State.FAILED,
            State.CANCELLED,
            State.SENT,
            State.DELIVERED,
            State.UNCERTAIN,
        }
    ),
    State.CALLING: frozenset(
        {State.SENT, State.PLANNED, State.FAILED, State.UNCERTAIN, State.DELIVERED}
    ),
    # Planned again once it surely was not sent, calling where a repeat under its key is harmless.
    State.UNCERTAIN: frozenset(
        {State.SENT, State.FAILED, State.DELIVERED, State.PLANNED, State.CALLING}
    ),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.DELIVERED: frozenset(),
    State.SKIPPED: frozenset(),
    State.FAILED: frozenset({State.DELIVERED}),
    # Planned again alone where a move had put it behind a wait, or its passage comes by once more.
    State.CANCELLED: frozenset({State.PLANNED, State.SKIPPED}),
}


@dataclass(
    frozen=True, slots=True, eq=False
)  # each is itself alone: looked up, it is found at once
class Live:
    """A version of a campaign that takes people in."""

    id: UUID
    campaign: Campaign
    stage: Stage = "all"


class PlannedTouch(NamedTuple):
    """One contact that a plan asks for.

    `reason` is set when it is over before it began, `held` when it waits for somebody's word.
    """

    id: UUID
    step: int
    channel: Channel
    purpose: Purpose
    priority: int
    due_at: datetime
    useless_after: datetime
    reason: str | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedWait:
    """A wait that a passage comes to: for which event, since when, and when it runs out.

    `ended_at` is set when it is over already, `ended_by` when an event ended it.
    """

    step: str
    event: str
    began_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    ended_by: UUID | None = None


class Plan(NamedTuple):
    """A passage with its touches and waits, as they will be stored."""

    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    event_id: UUID
    touches: tuple[PlannedTouch, ...]
    waits: tuple[PlannedWait, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """A passage that did not begin, and why."""

    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    event_id: UUID
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Further:
    """Touches that are planned in a passage after it began."""

    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    touches: tuple[PlannedTouch, ...]
