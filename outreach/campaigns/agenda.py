"""On which occasions does a campaign come round, and when does each begin for a person?

A campaign that waits for no event comes round on a day. The day begins at another instant on each
clock, so planning opens an hour before the first place on Earth has come so far.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from outreach.campaigns import festivals
from outreach.campaigns.triggers import (
    AudienceTrigger,
    DateTrigger,
    EventTrigger,
    HolidayTrigger,
    RecurringTrigger,
    Trigger,
)
from outreach.events.model import OCCASIONS, Event
from outreach.hours import zones as tz

LEAD = timedelta(hours=1)
"""How long before it first begins somewhere an occasion may be planned."""

AHEAD = 3
"""So many days to come are looked at, each day again."""

_EAST, _WEST = timedelta(hours=14), timedelta(hours=-12)  # no clock is farther from UTC


@dataclass(frozen=True, slots=True)
class Occasion:
    """One coming round: its name, the day that it is about, and from when on it may be planned."""

    name: str
    day: date
    opens_at: datetime


def coming(trigger: Trigger, *, now: datetime) -> Sequence[Occasion]:
    """The occasions that have not begun everywhere yet and come within days, in order.

    One that is named by its instant does not wait for the days to come near.
    """
    return [one for one, over_at in _around(trigger, now) if over_at >= now]


def _around(trigger: Trigger, now: datetime) -> Iterator[tuple[Occasion, datetime]]:
    """Occasions, and when each has begun everywhere."""
    match trigger:
        case DateTrigger():
            for day in _days(now, back=-min(trigger.offset, 0)):
                yield _until(_dated(day, trigger.at), day - timedelta(days=trigger.offset))
        case HolidayTrigger():
            for day in _days(now):
                kept = day - timedelta(days=trigger.offset)
                if kept in festivals.days_anywhere(trigger.holiday, kept.year):
                    yield _dated(day, trigger.at)
        case AudienceTrigger(at=at):
            yield _occasion(at.isoformat(timespec="minutes"), at.date(), at)
        case RecurringTrigger(at=at):
            for day in _days(now):
                if trigger.falls_on(day):
                    yield _dated(day, at)


def _days(now: datetime, *, back: int = 0) -> Iterator[date]:
    today = now.astimezone(UTC).date()
    return (today + timedelta(days=away) for away in range(-1 - back, AHEAD + 1))


def _dated(day: date, at: time | None) -> tuple[Occasion, datetime]:
    return _occasion(day.isoformat(), day, datetime.combine(day, at or time()))


def _until(found: tuple[Occasion, datetime], day: date) -> tuple[Occasion, datetime]:
    """What comes before a date is of use until that date is over, however late it is known."""
    occasion, over_at = found
    ends = datetime.combine(day, time.max, tzinfo=UTC) - _WEST
    return occasion, max(over_at, ends)


def _occasion(name: str, day: date, at: datetime) -> tuple[Occasion, datetime]:
    if at.tzinfo is not None:
        return Occasion(name, day, at - LEAD), at
    there = at.replace(tzinfo=UTC)
    return Occasion(name, day, there - _EAST - LEAD), there - _WEST


def begins_at(trigger: Trigger, event: Event, zones: Sequence[str]) -> datetime:
    """When the passage that this event begins counts from.

    A passage that waits for quiet counts from when it was quiet. An occasion begins on the person's
    clock: where the person may be in several zones, in the latest of them; where no zone is known,
    on that of UTC.
    """
    return on_clocks(_begins(trigger, event), zones)


def _begins(trigger: Trigger, event: Event) -> datetime:
    if event.type not in OCCASIONS:
        quiet_for = trigger.quiet_for if isinstance(trigger, EventTrigger) else None
        return event.occurred_at + (quiet_for or timedelta())
    if isinstance(trigger, AudienceTrigger):
        return trigger.at
    day = date.fromisoformat(str(event.data["date"]))
    match trigger:
        case RecurringTrigger(at=at):
            return datetime.combine(day, at)
        case DateTrigger(offset=offset, at=at) | HolidayTrigger(offset=offset, at=at):
            return datetime.combine(day + timedelta(days=offset), at or time())
        case _:
            return event.occurred_at


def on_clocks(at: datetime, zones: Sequence[str]) -> datetime:
    """The instant at which the last of these zones shows this wall time; an instant is itself.

    A time that a clock change leaves out is met as much later as the clock was put forward; one
    that comes twice is met the first time (RFC 5545, 3.3.5).
    """
    return at.astimezone(UTC) if at.tzinfo else _latest(at, tuple(zones) or ("UTC",))


@lru_cache(maxsize=4096)
def _latest(at: datetime, zones: tuple[str, ...]) -> datetime:
    there = (at.replace(tzinfo=tz.load(zone)) for zone in zones)
    return max(instant.astimezone(UTC) for instant in there)
