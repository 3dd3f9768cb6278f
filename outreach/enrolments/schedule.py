"""When is a step due?

Its delay, then its wall time in the latest of the person's zones, then past the days that the step
leaves out: a day counts as left out when it is so at any of the places where the person may be.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from outreach.campaigns.steps import WEEKDAYS, Day, Step
from outreach.hours import calendar
from outreach.hours import zones as tz

_PATIENCE = 60  # days; no place has that many holidays in a row


class Timing(NamedTuple):
    """What a step says of when it is due."""

    after: timedelta
    at: time | None
    not_on: tuple[Day, ...]


class Clocks(NamedTuple):
    """Where the person may be: time zones, and the jurisdictions whose holidays count."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...] = ()


def due_at(step: Step, since: datetime, clocks: Clocks) -> datetime:
    """When the step is due, counted from an instant.

    Without a zone the wall time and the days cannot be kept; the gate then holds what needs a
    place.
    """
    if step.at is None and not step.not_on:
        return since + step.after
    return _due_at(Timing(step.after, step.at, step.not_on), since, clocks)


# An audience asks the same for everybody in a place.
@lru_cache(maxsize=1 << 12)
def _due_at(timing: Timing, since: datetime, clocks: Clocks) -> datetime:
    due = _first(timing, since, clocks)
    for _ in range(_PATIENCE):
        if not _left_out(timing.not_on, due, clocks):
            break
        due = _on_the_clock(timing, due + timedelta(days=1), clocks)
    return due


def _first(timing: Timing, since: datetime, clocks: Clocks) -> datetime:
    """Its delay and its wall time, the days of which are counted on the clock.

    A day is 23 or 25 hours long when clocks are changed: counted in hours, "29 days later, at ten"
    would be a day late.
    """
    if timing.at is None or not clocks.zones:
        return since + timing.after
    zones = [tz.load(zone) for zone in clocks.zones]
    return max(_next_wall_time(_later(since, timing.after, one), timing.at, one) for one in zones)


def _later(since: datetime, span: timedelta, zone: tzinfo) -> datetime:
    days = timedelta(days=span.days)
    wall = since.astimezone(zone).replace(tzinfo=None) + days
    return wall.replace(tzinfo=zone).astimezone(since.tzinfo) + (span - days)


def _on_the_clock(timing: Timing, due: datetime, clocks: Clocks) -> datetime:
    if timing.at is None or not clocks.zones:
        return due
    return max(_next_wall_time(due, timing.at, tz.load(zone)) for zone in clocks.zones)


def day_left_out(step: Step, at: datetime, clocks: Clocks) -> datetime | None:
    """Until when the step has to wait, if the day of this instant is one that it leaves out.

    That is its wall time, or else the beginning, of the next day which it does not leave out at any
    of the places. None where it may take place today.
    """
    if not step.not_on:
        return None
    until = _next_day(Timing(step.after, step.at, step.not_on), at, clocks)
    return until if until > at else None


# A batch asks the same for everybody in a place.
@lru_cache(maxsize=1 << 12)
def _next_day(timing: Timing, at: datetime, clocks: Clocks) -> datetime:
    for _ in range(_PATIENCE * len(clocks.zones)):  # a day begins once in each zone
        if not _left_out(timing.not_on, at, clocks):
            break
        at = _on_the_clock(timing, end_of_day(at, clocks.zones), clocks)
    return at


def end_of_day(due: datetime, zones: Sequence[str]) -> datetime:
    """When the day of this instant is over in the first of these zones."""
    tomorrows = (
        datetime.combine(due.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)
        for zone in map(tz.load, zones)
    )
    return min(
        (midnight.astimezone(due.tzinfo) for midnight in tomorrows), default=due + timedelta(days=1)
    )


def _left_out(days: Sequence[Day], due: datetime, clocks: Clocks) -> bool:
    if not days:
        return False
    local = {due.astimezone(tz.load(zone)).date() for zone in clocks.zones}
    return any(WEEKDAYS[day.weekday()] in days or _holiday(days, day, clocks) for day in local)


def _holiday(days: Sequence[Day], day: date, clocks: Clocks) -> bool:
    return "holiday" in days and any(calendar.is_holiday(j, day) for j in clocks.jurisdictions)


def _next_wall_time(due: datetime, at: time, zone: tzinfo) -> datetime:
    """The first instant from `due` on at which clocks in the zone show `at`."""
    local = due.astimezone(zone)
    same_day = datetime.combine(local.date(), at, tzinfo=zone)
    if same_day.astimezone(due.tzinfo) >= due:
        return same_day.astimezone(due.tzinfo)
    next_day = datetime.combine(local.date() + timedelta(days=1), at, tzinfo=zone)
    return next_day.astimezone(due.tzinfo)
