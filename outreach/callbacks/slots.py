"""At which times may a call be promised?

Pure. On the half hours of the person's own clock, inside the person's window and while somebody who
can make the call is on shift, for the whole of the slot. A promise is kept as a wall time and a
zone: nine in the morning stays nine in the morning when the clocks change.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from outreach import timezones
from outreach.callbacks import shifts
from outreach.callbacks.document import Agent
from outreach.errors import Invalid
from outreach.hours.model import Admission

SLOT = timedelta(minutes=30)
AHEAD = timedelta(days=90)
"""How far ahead a call may be promised; call centres do not book further."""

Hours = Callable[[datetime], Admission]
"""What the hours say of a call to this person at an instant."""


def instant(local: datetime, zone: str) -> datetime:
    """The instant of a wall time; one that a clock change leaves out is moved by the change.

    An hour that comes twice is meant the first time (PEP 495). Raises `Invalid` at either end of
    the calendar, where there is no such instant.
    """
    try:
        return local.replace(tzinfo=timezones.load(zone), fold=0).astimezone(UTC)
    except OverflowError as error:
        raise Invalid(f"{local.isoformat(timespec='minutes')} is no time for a call") from error


def wall(at: datetime, zone: str) -> datetime:
    """The wall time of an instant, without its zone."""
    return at.astimezone(timezones.load(zone)).replace(tzinfo=None)


def offered(
    hours: Hours, agents: Sequence[Agent] | None, *, zone: str, after: datetime, until: datetime
) -> Iterator[datetime]:
    """The instants that may be promised, earliest first; no agents named means always staffed."""
    at = _next_half_hour(after, zone)
    while at + SLOT <= until:
        admitted = hours(at)
        if not admitted.allowed:
            if admitted.next_at is None:
                return
            at = max(_next_half_hour(admitted.next_at, zone), at + SLOT)
            continue
        if _lasts(admitted, at) and staffed(agents, at):
            yield at
        at += SLOT


def fits(hours: Hours, agents: Sequence[Agent] | None, at: datetime) -> bool:
    """Whether a call may be promised for this instant, on a half hour or not."""
    admitted = hours(at)
    return admitted.allowed and _lasts(admitted, at) and staffed(agents, at)


def staffed(agents: Sequence[Agent] | None, at: datetime) -> bool:
    """Whether one of these agents is on shift for the whole slot."""
    return agents is None or any(
        (shift := shifts.of(agent, at)).allowed and _lasts(shift, at) for agent in agents
    )


def _lasts(admitted: Admission, at: datetime) -> bool:
    return admitted.closes_at is None or admitted.closes_at - at >= SLOT


def _next_half_hour(at: datetime, zone: str) -> datetime:
    """The first half hour on the clock of the zone that is not before the instant."""
    local = wall(at, zone)
    past = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) % SLOT
    return at if not past else at + SLOT - past
