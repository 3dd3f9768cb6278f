"""How does PostgreSQL read a value as `values` reads it, and hold it against another?

Every test is true, false, or null where the value is missing or cannot be compared; null is no.
"""

import operator as ops
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Numeric,
    Text,
    and_,
    any_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    null,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB

from outreach.campaigns.catalogue import Sort
from outreach.campaigns.operators import AMOUNTS, INSTANTS, Operator
from outreach.campaigns.values import AMOUNT, INSTANT, Value, amount, instant
from outreach.people.own_dates import NO_YEAR

# What a document holds has no type that mypy could know.
Column: TypeAlias = ColumnElement[Any]
Test: TypeAlias = ColumnElement[bool]

_ITSELF: Column = literal_column("'{}'::text[]")
_NULL: Column = literal_column("'null'::jsonb")
_SCALARS = ("string", "number", "boolean")


def inside(data: Column, path: Sequence[str]) -> Column:
    """What stands at this path of a document; SQL null where nothing or JSON's null does."""
    return func.nullif(func.jsonb_extract_path(data, *path, type_=JSONB), _NULL, type_=JSONB)


def amount_of(found: Column) -> Column:
    """The number that a piece of JSON is, or null; as text too, in the form of `values.AMOUNT`."""
    return case(
        (_kind(found) == "number", cast(_text(found), Numeric)),
        (
            and_(_kind(found) == "string", _text(found).op("~")(f"^({AMOUNT})$")),
            cast(_text(found), Numeric),
        ),
        else_=null(),
    )


def instant_of(found: Column) -> Column:
    """The instant that a piece of JSON is, or null; in the form of `values.INSTANT`."""
    written = _text(found)
    readable = and_(_kind(found) == "string", written.op("~")(f"^({INSTANT})$"))
    # Nested, so that no part is looked at before what makes it readable is known.
    existing = case((_day_exists(written), cast(written, DateTime(timezone=True))), else_=null())
    return case((readable, existing), else_=null())


def test(sort: Sort, found: Column, operator: Operator, value: Value) -> Test:
    """Whether what is found holds against the value."""
    if operator is Operator.EXISTS:
        return found.is_not(None)
    if operator is Operator.MISSING:
        return found.is_(None)
    return _free(found, operator, value) if sort == "any" else _typed(sort, found, operator, value)


def _typed(sort: Sort, found: Column, operator: Operator, value: Value) -> Test:
    if sort == "number":
        return _compared(found, operator, _numbers(value))
    if sort == "date":
        found, sort = _first_moment(found), "instant"
    if sort == "instant":
        return _compared(found, operator, [literal(instant(value), DateTime(timezone=True))])
    if sort == "texts":
        return literal(value, Text) == any_(found)
    if operator is Operator.CONTAINS:
        return func.strpos(found, value) > 0
    return _compared(found, operator, [literal(one) for one in _each(value)])


def no_year(on: Column) -> Test:
    """Whether a day came without its year; null where there is none."""
    return extract("year", on) == NO_YEAR


def _first_moment(on: Column) -> Column:
    """The instant as which a date is compared, in UTC; null for a day without its year."""
    return case((no_year(on).is_(False), cast(on, DateTime(timezone=True))))


def _free(found: Column, operator: Operator, value: Value) -> Test:
    """The same for what was reported, whose kind is known only when it is looked at."""
    if operator in AMOUNTS:
        return _compared(amount_of(found), operator, _numbers(value))
    if operator in INSTANTS:
        bound = literal(instant(value), DateTime(timezone=True))
        return _compared(instant_of(found), operator, [bound])
    if operator is Operator.CONTAINS:
        return _contains(found, value)
    # An array would be contained in a list of its own entries: it is never one of the values.
    among = and_(_kind(found).in_(_SCALARS), _json(list(_each(value))).contains(found))
    return among if operator in {Operator.IS, Operator.IN} else and_(found.is_not(None), ~among)


def _contains(found: Column, value: Value) -> Test:
    listed = and_(_kind(found) == "array", found.op("@>")(_json([value])))
    if not isinstance(value, str):
        return listed
    return or_(listed, and_(_kind(found) == "string", func.strpos(_text(found), value) > 0))


def _compared(found: Column, operator: Operator, values: list[Column]) -> Test:
    if operator in {Operator.IN, Operator.NOT_IN}:
        among = found.in_(values)
        return among if operator is Operator.IN else ~among
    return _COMPARED[operator](found, values[0])


_COMPARED: Mapping[Operator, Callable[[Column, Column], Test]] = {
    Operator.IS: ops.eq,
    Operator.IS_NOT: ops.ne,
    Operator.AT_LEAST: ops.ge,
    Operator.AT_MOST: ops.le,
    Operator.MORE_THAN: ops.gt,
    Operator.LESS_THAN: ops.lt,
    Operator.BEFORE: ops.lt,
    Operator.AFTER: ops.gt,
}


def _numbers(value: Value) -> list[Column]:
    return [literal(amount(one), Numeric) for one in _each(value)]


def _each(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _json(value: object) -> Column:
    return literal(value, JSONB)


def _kind(found: Column) -> Column:
    return func.jsonb_typeof(found)


def _text(found: Column) -> Column:
    return found.op("#>>", return_type=Text())(_ITSELF)


def _day_exists(written: Column) -> Test:
    """Whether the month has that day: a cast of the 30th of February would end the statement."""
    year, month, day = (
        cast(func.substr(written, start, length), Integer)
        for start, length in ((1, 4), (6, 2), (9, 2))
    )
    leap = and_(year % 4 == 0, or_(year % 100 != 0, year % 400 == 0))
    february = case((leap, 29), else_=28)
    last = case((month.in_([4, 6, 9, 11]), 30), (month.in_([2]), february), else_=31)
    return and_(year > 0, day <= last)
