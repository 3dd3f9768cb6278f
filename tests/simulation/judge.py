"""What speaks against a simulated run, held against what its provider took?

Pure. Each check answers what it found, by the letters of docs/storm.md.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tests.simulation.world import Knows, World

_APART = timedelta(hours=4)
_BACK = timedelta(hours=1)  # by how much the clock goes back in one run, at most
_REACHED = {"sent", "delivered"}


@dataclass(frozen=True, slots=True)
class Row:
    """A touch in the end."""

    touch: str
    person: UUID
    state: str
    reason: str | None
    in_air: bool  # an attempt of it has no outcome


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that is over: who got what, what opted out, how often somebody died, and the rows."""

    world: World
    deaths: int
    told: int
    rows: tuple[Row, ...]
    relearnt: int  # touches that moved when every receipt came once more
    call: float  # seconds that a call may take

    def wrong(self) -> list[str]:
        """What speaks against this run; nothing when all is well."""
        return [said for check in CHECKS for said in check(self)]


def _twice(ran: Ran) -> list[str]:
    many = Counter(taken.touch for taken in ran.world.taken)
    return [f"A1 {touch} was sent {n} times" for touch, n in many.items() if n > 1]


def _after_opt_out(ran: Ran) -> list[str]:
    """Somebody who shares an address may have allowed it again."""
    regretted = ran.world.regretted
    return [
        f"A5 {taken.touch} went to {taken.to} after the opt-out was answered"
        for said in ran.world.opted_out
        for taken in ran.world.taken
        if taken.to in said.addresses and taken.order > said.order
        if not any(
            taken.to in r.addresses and said.order < r.order < taken.order for r in regretted
        )
        if taken.touch not in said.in_air or taken.steady > said.steady + ran.call
    ]


def _unwritten(ran: Ran) -> list[str]:
    return [f"A4 {t.touch} was called without an attempt" for t in ran.world.taken if not t.written]


def _unproven(ran: Ran) -> list[str]:
    taken = {one.touch for one in ran.world.taken}
    sent = (row.touch for row in ran.rows if row.state in _REACHED)
    return [f"A3 {one} is called sent and was never taken" for one in sent if one not in taken]


def _denied(ran: Ran) -> list[str]:
    """What a provider took is sent, delivered, or in doubt; never called anything else."""
    taken = {one.touch for one in ran.world.taken}
    return [
        f"A3 {row.touch} was taken and is {row.state}"
        for row in ran.rows
        if row.touch in taken and row.state not in _REACHED | {"uncertain"}
    ]


def _never_ended(ran: Ran) -> list[str]:
    """No call is in the air for ever: whoever opts out would be told of it each time."""
    return [
        f"A2 {row.touch} is {row.state} and in the air for ever" for row in ran.rows if row.in_air
    ]


def _in_doubt(ran: Ran) -> list[str]:
    """Where a provider can be asked, nothing stays in doubt."""
    asked = ran.world.knows is Knows.ANSWERS
    return [
        f"A2 {row.touch} stays in doubt, though one can ask"
        for row in ran.rows
        if asked and row.state == "uncertain"
    ]


def _relearnt(ran: Ran) -> list[str]:
    return [f"A11 {ran.relearnt} touches moved by what had been told"] * bool(ran.relearnt)


def _unaccounted(ran: Ran) -> list[str]:
    missing = ran.told - len(ran.rows)
    nameless = [
        f"A2 {row.touch} is {row.state} and has no reason"
        for row in ran.rows
        if row.state in {"claimed", "calling"} or (row.state not in _REACHED and not row.reason)
    ]
    return [f"A2 {missing} touches are missing, or too many"] * bool(missing) + nameless


def _too_close(ran: Ran) -> list[str]:
    """Two contacts with one person; the clock itself may have gone back a few times.

    The first one counts from its mark, which wrote it down: the clock may have leapt in its call.
    """
    of = {row.touch: row.person for row in ran.rows}
    at: dict[UUID, datetime] = {}
    wrong = []
    for taken in ran.world.taken:
        person = of[taken.touch]
        if person in at and taken.at - at[person] < _APART - _BACK:
            wrong.append(f"A7 {taken.touch} came {taken.at - at[person]} after another")
        at[person] = ran.world.earliest(since=taken.steady - ran.call, until=taken.steady)
    return wrong


CHECKS: tuple[Callable[[Ran], list[str]], ...] = (
    _twice, _after_opt_out, _unwritten, _unproven, _denied, _unaccounted, _never_ended, _in_doubt,
    _relearnt, _too_close,
)  # fmt: skip
