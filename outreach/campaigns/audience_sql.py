"""Which persons of a brand does a condition mean, as one expression of SQL?

What holds here holds in `rules` and the other way round; a property test keeps them together. An
expression in CEL is refused, and so is the event: nothing happened that an audience could name.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    and_,
    extract,
    func,
    literal,
    or_,
    select,
    true,
)

from outreach.campaigns import catalogue, choosing, sources, values_sql
from outreach.campaigns.conditions import (
    All,
    AnyOf,
    Cel,
    Clause,
    Condition,
    Not,
    Tally,
)
from outreach.campaigns.sources import Rows, Sight
from outreach.campaigns.values_sql import Column
from outreach.db import tables
from outreach.errors import Invalid, Problem

Test: TypeAlias = ColumnElement[bool]
_Look: TypeAlias = Callable[[str], Sight]
_DAY = 86_400


def compile(condition: Condition | None, *, now: datetime) -> Test:  # noqa: A001  # what it does
    """The condition over the rows of `tables.persons`; values are bound, nothing is quoted in.

    Where it does not hold the expression is false or null, so it belongs into a `where`. History
    is looked up person by person through indexes, so a chunk costs what its persons cost. Raises
    `Invalid` with every clause that an audience cannot ask.
    """
    if refused := choosing.objections(condition):
        problems = [Problem("", sentence) for sentence in refused]
        raise Invalid("this condition cannot choose an audience", problems=problems)
    return true() if condition is None else _compiled(condition, lambda f: _sight(f, now), now)


def _compiled(condition: Condition, look: _Look, now: datetime) -> Test:
    match condition:
        case All(parts):
            return and_(*(_compiled(part, look, now) for part in parts))
        case AnyOf(parts):
            return or_(*(_compiled(part, look, now) for part in parts))
        case Not(part):
            # What is missing makes its clause false and not unknown.
            return _compiled(part, look, now).is_not(true())
        case Tally() as asked:
            sight = _tallied(asked, now)
            return values_sql.test(sight.sort, sight.column, asked.operator, asked.value)
        case Clause(field, operator, value):
            sight = look(field)
            return values_sql.test(sight.sort, sight.column, operator, value)
        case Cel():
            raise ValueError("an expression has no SQL")


def _sight(field: str, now: datetime) -> Sight:
    root, _, rest = field.partition(".")
    if root == "person":
        return sources.person(rest)
    rows = sources.rows(catalogue.LAST[root])
    if rest == catalogue.DAYS_AGO:
        at = _newest(rows, rows.columns["at"], now)
        return Sight("number", _days(literal(now, DateTime(timezone=True)) - at))
    sight = rows.sight(rest)
    return Sight(sight.sort, _newest(rows, sight.column, now))


def _newest(rows: Rows, column: Column, now: datetime) -> Column:
    return _in_order(rows, _of_person(rows, column, now), newest=True)


def _tallied(asked: Tally, now: datetime) -> Sight:
    rows = sources.rows(asked.source)
    inner = asked.of.partition(".")[2]
    field = rows.sight(inner) if inner else Sight("any", rows.tie)
    things = _of_person(rows, _result(asked, field, now), now, asked.within)
    if asked.where is not None:
        things = things.where(_compiled(asked.where, _inside(rows), now))
    if asked.asked in {"first", "last"}:
        return Sight(field.sort, _in_order(rows, things, newest=asked.asked == "last"))
    if asked.asked in {"days_since", "days_until"}:
        at = _instant(field)
        things = things.where(at <= now if asked.asked == "days_since" else at > now)
    return Sight("number", things.scalar_subquery())


def _result(asked: Tally, field: Sight, now: datetime) -> Column:
    moment = literal(now, DateTime(timezone=True))
    match asked.asked:
        case "count":
            return func.count()
        case "sum":
            number = values_sql.amount_of(field.column) if field.sort == "any" else field.column
            return func.coalesce(func.sum(number), 0)
        case "days_since":
            return _days(moment - func.max(_instant(field)))
        case "days_until":
            return _days(func.min(_instant(field)) - moment)
        case _:
            return field.column


def _instant(field: Sight) -> Column:
    return values_sql.instant_of(field.column) if field.sort == "any" else field.column


def _inside(rows: Rows) -> _Look:
    return lambda field: rows.sight(field.partition(".")[2])


def _in_order(rows: Rows, things: Select[Any], *, newest: bool) -> Column:
    order = (rows.columns["at"], rows.tie)
    ordered = things.order_by(*(part.desc() if newest else part for part in order))
    return ordered.limit(1).scalar_subquery()


def _days(span: Column) -> Column:
    """Whole days of 24 hours, as Python divides spans."""
    return func.floor(extract("epoch", span) / _DAY)


def _of_person(
    rows: Rows, column: Column, now: datetime, within: timedelta | None = None
) -> Select[Any]:
    """One column of everything that has happened by now to the person of the row outside."""
    at = rows.columns["at"]
    mine = (rows.brand == tables.persons.c.brand_id, rows.person == tables.persons.c.id)
    since = () if within is None else (at > now - within,)
    asked = select(column).select_from(rows.origin).where(*mine, *rows.only, at <= now, *since)
    return asked.correlate(tables.persons)
