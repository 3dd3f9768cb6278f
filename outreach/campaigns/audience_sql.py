"""Which persons of a brand does a condition mean, as an expression of SQL?

What holds here holds in `rules` and the other way round; a property test keeps them together. An
expression in CEL is refused, and so is the event: nothing happened that an audience could name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, FromClause, and_, case, func, or_, true

from outreach.campaigns import catalogue, choosing, days_sql, rules, sources, values_sql
from outreach.campaigns.conditions import (
    All,
    AnyOf,
    Cel,
    Clause,
    Condition,
    Not,
    Tally,
)
from outreach.campaigns.lookups import AllAtOnce, Lookup, Wanted, one_by_one
from outreach.campaigns.operators import ALONE
from outreach.campaigns.sources import Rows, Sight
from outreach.campaigns.values_sql import Column
from outreach.errors import Invalid, Problem

_FAR = 36_500  # days: beyond a century nothing is left out
_SPARE = timedelta(days=2)  # days that are not over, and dates that begin elsewhere

Test: TypeAlias = ColumnElement[bool]
_Leaves: TypeAlias = Callable[[Clause | Tally], Test]


@dataclass(frozen=True, slots=True)
class Meant:
    """The persons with what is joined to them, and the test that tells who is meant."""

    origin: FromClause
    test: Test


def compile(condition: Condition | None, *, now: datetime) -> Test:  # noqa: A001  # what it does
    """The condition over the rows of `tables.persons`; values are bound, nothing is quoted in.

    Where it does not hold the expression is false or null, so it belongs into a `where`. History
    is looked up person by person through indexes, so a chunk costs what its persons cost. Raises
    `Invalid` with every clause that an audience cannot ask.
    """
    return _whole(condition, one_by_one, now)


def of_all(condition: Condition | None, *, now: datetime) -> Meant:
    """The same for everybody at once: each history is read in one pass. Raises as `compile`."""
    lookup = AllAtOnce()
    test = _whole(condition, lookup, now)
    return Meant(lookup.origin, test)


def _whole(condition: Condition | None, lookup: Lookup, now: datetime) -> Test:
    if refused := choosing.objections(condition):
        problems = [Problem("", sentence) for sentence in refused]
        raise Invalid("this condition cannot choose an audience", problems=problems)
    if condition is None:
        return true()
    return _compiled(condition, lambda leaf: _of_person(leaf, lookup, now))


def _compiled(condition: Condition, leaves: _Leaves) -> Test:
    match condition:
        case All(parts):
            return and_(*(_compiled(part, leaves) for part in parts))
        case AnyOf(parts):
            return or_(*(_compiled(part, leaves) for part in parts))
        case Not(part):
            # What is missing makes its clause false and not unknown.
            return _compiled(part, leaves).is_not(true())
        case Cel():
            raise ValueError("an expression has no SQL")
        case _:
            return leaves(condition)


def _of_person(leaf: Clause | Tally, lookup: Lookup, now: datetime) -> Test:
    if isinstance(leaf, Clause):
        sight = _field(leaf.field, lookup, now)
    else:
        sight = (_single if leaf.single else _tallied)(leaf, lookup, now)
    return values_sql.test(sight.sort, sight.column, leaf.operator, leaf.value)


def _of_thing(leaf: Clause | Tally, rows: Rows) -> Test:
    """A clause in the `where` of a tally, over one row of its source."""
    if isinstance(leaf, Tally):
        raise ValueError("a tally within a tally has no SQL")  # noqa: TRY004  # refused when read
    sight = rows.sight(leaf.field.partition(".")[2])
    return values_sql.test(sight.sort, sight.column, leaf.operator, leaf.value)


def _field(field: str, lookup: Lookup, now: datetime) -> Sight:
    root, _, rest = field.partition(".")
    if catalogue.is_day(field):
        rows = sources.own_day(field)
        return Sight("date", lookup(Wanted(rows, func.max(rows.columns["on"]))))
    if root == "person":
        return sources.person(rest)
    rows = sources.rows(catalogue.LAST[root])
    if rest == catalogue.DAYS_AGO:
        return Sight(
            "number", _newest(rows, _ago(Sight("instant", rows.columns["at"]), now), lookup, now)
        )
    sight = rows.sight(rest)
    return Sight(sight.sort, _newest(rows, sight.column, lookup, now))


def _newest(rows: Rows, value: Column, lookup: Lookup, now: datetime) -> Column:
    return lookup(Wanted(rows, value, _happened(rows, now), _order(rows, newest=True)))


def _single(asked: Tally, lookup: Lookup, now: datetime) -> Sight:
    """How far away one day is, or one instant of what happened last."""
    if catalogue.is_day(asked.of):
        return Sight("number", _own_day(asked, lookup, now))
    root, _, rest = asked.of.partition(".")
    rows = sources.rows(catalogue.LAST[root])
    far = _ago if asked.asked == "days_since" else _ahead
    days = far(_timed(rows.sight(rest)), now)
    return Sight("number", _newest(rows, days, lookup, now))


def _own_day(asked: Tally, lookup: Lookup, now: datetime) -> Column:
    rows, comes_round = sources.own_day(asked.of), asked.of == catalogue.BIRTHDAY
    far = days_sql.since_own if asked.asked == "days_since" else days_sql.until_own
    days = far(rows.columns["on"], now, comes_round=comes_round)
    return lookup(Wanted(rows, func.max(days)))


def _tallied(asked: Tally, lookup: Lookup, now: datetime) -> Sight:
    rows = sources.rows(asked.source)
    inner = asked.of.partition(".")[2]
    field = rows.sight(inner) if inner else Sight("any", rows.tie)
    only = _counting(asked, rows, now)
    match asked.asked:
        case "first" | "last" as end:
            order = _order(rows, newest=end == "last")
            return Sight(field.sort, lookup(Wanted(rows, field.column, only, order)))
        case "count" | "sum":
            total = lookup(Wanted(rows, _total(asked, field), only))
            return Sight("number", _or_nought(asked, total))
        case _:
            value, passed = _nearest(asked, _timed(field), now)
            return Sight("number", lookup(Wanted(rows, value, (*only, passed))))


def _counting(asked: Tally, rows: Rows, now: datetime) -> tuple[Test, ...]:
    """Which things of the source count."""
    only = _happened(rows, now)
    if asked.within is not None:
        only += (rows.columns["at"] > now - asked.within,)
    if asked.where is not None:
        only += (_compiled(asked.where, lambda leaf: _of_thing(leaf, rows)),)
    return only


def _total(asked: Tally, field: Sight) -> Column:
    if asked.asked == "count":
        return func.count()
    return func.sum(values_sql.amount_of(field.column) if field.sort == "any" else field.column)


def _or_nought(asked: Tally, total: Column) -> Column:
    """Of nothing it is 0. Left out where 0 does not hold, so that a join finds fewer persons."""
    if asked.operator in ALONE or rules.holds(0, asked.operator, asked.value):
        return func.coalesce(total, 0)
    return total


def _nearest(asked: Tally, field: Sight, now: datetime) -> tuple[Column, Test]:
    """Days to the nearest of these, and which of them count. Today is still to come and was."""
    edge = days_sql.edge(field.sort, now)
    if asked.asked == "days_since":
        passed = and_(field.column <= edge, *_no_farther(asked, field, now))
        return days_sql.since(field.sort, func.max(field.column), now), passed
    ahead = field.column >= edge if field.sort == "date" else field.column > edge
    ahead = and_(ahead, *_no_farther(asked, field, now))
    return days_sql.until(field.sort, func.min(field.column), now), ahead


def _no_farther(asked: Tally, field: Sight, now: datetime) -> tuple[Test, ...]:
    """Left out is what is farther away than any answer that holds: it would be grouped for nothing.

    Whose nearest is out there has no answer then, and an answer that is missing does not hold.
    """
    most = rules.most(asked.operator, asked.value)
    if most is None or not 0 <= most <= _FAR:
        return ()
    span = timedelta(days=int(most)) + _SPARE
    if asked.asked == "days_since":
        return (field.column > days_sql.edge(field.sort, now - span),)
    return (field.column < days_sql.edge(field.sort, now + span),)


def _ago(field: Sight, now: datetime) -> Column:
    edge = days_sql.edge(field.sort, now)
    return case((field.column <= edge, days_sql.since(field.sort, field.column, now)))


def _ahead(field: Sight, now: datetime) -> Column:
    edge = days_sql.edge(field.sort, now)
    return case((field.column > edge, days_sql.until(field.sort, field.column, now)))


def _timed(field: Sight) -> Sight:
    """What was reported, read as an instant."""
    return Sight("instant", values_sql.instant_of(field.column)) if field.sort == "any" else field


def _happened(rows: Rows, now: datetime) -> tuple[Test, ...]:
    return (rows.columns["at"] <= now,)


def _order(rows: Rows, *, newest: bool) -> tuple[Column, ...]:
    order = (rows.columns["at"], rows.tie)
    return tuple(part.desc() for part in order) if newest else order
