"""How many days ago was this, and how many days are there until it comes?

Instants are counted by whole days of 24 hours. Dates are counted by the calendar, in UTC: a date is
0 days off all day long. A birthday comes round each year, and so does any day without its year.
"""

from datetime import UTC, date, datetime, timedelta

from outreach.campaigns.values import day, instant
from outreach.people.own_dates import NO_YEAR

_DAY = timedelta(days=1)
_FEBRUARY = 28


def since(value: object, now: datetime, *, comes_round: bool = False) -> int | None:
    """Days since it was, the last time if it comes round; None for what is still to come."""
    if (on := day(value)) is None:
        return between(instant(value), now)
    last, today = on, _today(now)
    if comes_round or on.year == NO_YEAR:
        this = in_year(on, today.year)
        last = this if this <= today else in_year(on, today.year - 1)
    return (today - last).days if last <= today else None


def until(value: object, now: datetime, *, comes_round: bool = False) -> int | None:
    """Days until it is, the next time if it comes round; None for what has passed."""
    if (on := day(value)) is None:
        at = instant(value)
        return (at - now) // _DAY if at is not None and at > now else None
    following, today = on, _today(now)
    if comes_round or on.year == NO_YEAR:
        this = in_year(on, today.year)
        following = this if this >= today else in_year(on, today.year + 1)
    return (following - today).days if following >= today else None


def between(at: datetime | None, now: datetime) -> int | None:
    """Whole days of 24 hours from that instant until now; None for one that is still to come."""
    return (now - at) // _DAY if at is not None and at <= now else None


def in_year(on: date, year: int) -> date:
    """The same day in another year: 29 February is kept on the 28th where there is none."""
    try:
        return on.replace(year=year)
    except ValueError:
        return on.replace(year=year, day=_FEBRUARY)


def _today(now: datetime) -> date:
    return now.astimezone(UTC).date()
