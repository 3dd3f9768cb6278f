"""How does PostgreSQL count the days since something was, or until it comes, as `days` does?"""

from datetime import UTC, datetime

from sqlalchemy import Date, DateTime, Integer, case, cast, extract, func, literal

from outreach.campaigns import values_sql
from outreach.campaigns.catalogue import Sort
from outreach.campaigns.values_sql import Column

_DAY = 86_400


def edge(sort: Sort, now: datetime) -> Column:
    """What `now` is beside a column of this sort: today's date in UTC, or the instant."""
    if sort == "date":
        return literal(now.astimezone(UTC).date(), Date)
    return literal(now, DateTime(timezone=True))


def since(sort: Sort, was: Column, now: datetime) -> Column:
    """Days since then, of what has passed."""
    return _span(sort, edge(sort, now) - was)


def until(sort: Sort, comes: Column, now: datetime) -> Column:
    """Days until then, of what is to come."""
    return _span(sort, comes - edge(sort, now))


def since_own(on: Column, now: datetime, *, comes_round: bool) -> Column:
    """Days since a day of somebody's own, null while it is to come; round if it comes round."""
    today, year = edge("date", now), now.astimezone(UTC).year
    this, last = _in_year(on, year), _in_year(on, year - 1)
    round_ = case((this <= today, today - this), else_=today - last)
    once = case((on <= today, today - on))
    return round_ if comes_round else case((values_sql.no_year(on), round_), else_=once)


def until_own(on: Column, now: datetime, *, comes_round: bool) -> Column:
    """Days until a day of somebody's own, null once it has passed; round if it comes round."""
    today, year = edge("date", now), now.astimezone(UTC).year
    this, following = _in_year(on, year), _in_year(on, year + 1)
    round_ = case((this >= today, this - today), else_=following - today)
    once = case((on >= today, on - today))
    return round_ if comes_round else case((values_sql.no_year(on), round_), else_=once)


def _span(sort: Sort, span: Column) -> Column:
    """Dates are apart by whole days; instants by days of 24 hours, as Python divides spans."""
    return span if sort == "date" else func.floor(extract("epoch", span) / _DAY)


def _in_year(on: Column, year: int) -> Column:
    """PostgreSQL too keeps 29 February on the 28th where there is none."""
    return cast(on + func.make_interval(year - cast(extract("year", on), Integer)), Date)
