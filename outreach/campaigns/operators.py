"""How may a field be held against a value, and what does each operator ask of that value?"""

from enum import StrEnum

from outreach.campaigns.catalogue import Sort
from outreach.campaigns.values import Value, amount, instant


class Operator(StrEnum):
    """How a field is held against a value; a missing field says no to all but `missing`."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    CONTAINS = "contains"
    EXISTS = "exists"
    MISSING = "missing"
    BEFORE = "before"
    AFTER = "after"


ALONE = frozenset({Operator.EXISTS, Operator.MISSING})
LISTS = frozenset({Operator.IN, Operator.NOT_IN})
SAMENESS = frozenset({Operator.IS, Operator.IS_NOT})
AMOUNTS = frozenset({Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN})
INSTANTS = frozenset({Operator.BEFORE, Operator.AFTER})

FITTING: dict[Sort, frozenset[Operator]] = {
    "text": ALONE | SAMENESS | LISTS | {Operator.CONTAINS},
    "number": ALONE | SAMENESS | LISTS | AMOUNTS,
    "instant": ALONE | INSTANTS,
    "date": ALONE | INSTANTS,
    "flag": ALONE | SAMENESS,
    "texts": ALONE | {Operator.CONTAINS},
    "any": frozenset(Operator),
}

_NEEDS = {
    "text": "write its value as a text, in quotes",
    "texts": "write its value as a text, in quotes",
    "number": "write its value as a number, without quotes",
    "flag": "write its value as true or false",
}


def misfit(operator: Operator, value: Value) -> str | None:
    """What the operator needs instead of this value, or None."""
    if operator in ALONE:
        return None if value is None else "takes no value: remove it"
    if value is None:
        return "needs a `value`: add it"
    if isinstance(value, tuple) != (operator in LISTS):
        return "needs a list of values" if operator in LISTS else "takes one value, not a list"
    if operator in AMOUNTS and amount(value) is None:
        return "needs a number"
    if operator in INSTANTS and instant(value) is None:
        return "needs a date or an instant that exists, such as 2026-03-01"
    return None


def unfit(name: str, sort: Sort, operator: Operator, value: Value) -> str | None:
    """Why this operator or value says nothing about what the name holds, or None."""
    if operator not in FITTING[sort]:
        fitting = ", ".join(known for known in Operator if known in FITTING[sort])
        return f"`{operator}` does not fit `{name}`, which is {ARTICLES[sort]}: use {fitting}"
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    if all(_of_sort(sort, one) for one in values):
        return None
    return f"`{name}` is {ARTICLES[sort]}: {_NEEDS[sort]}"


ARTICLES: dict[Sort, str] = {
    "text": "a text",
    "number": "a number",
    "instant": "an instant",
    "date": "a date",
    "flag": "true or false",
    "texts": "a list of texts",
    "any": "anything",
}


def _of_sort(sort: Sort, value: object) -> bool:
    if sort in {"text", "texts"}:
        return isinstance(value, str)
    if sort == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool) if sort == "flag" else True
