"""What yes/no questions can a campaign ask about an event and a person, and how are they written?

A condition is data, so that a form can edit it and the clause that said no can be named. This
module reads and checks it; `rules` answers it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    WithJsonSchema,
)

from outreach import documents, plain_yaml, sentences
from outreach.campaigns import cel
from outreach.campaigns.values import Value, amount, checked, instant
from outreach.shapes import STRICT

MOST_PARTS = 100


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
AMOUNTS = frozenset({Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN})
INSTANTS = frozenset({Operator.BEFORE, Operator.AFTER})

_NAME = re.compile(r"(event|person)(\.[A-Za-z_][A-Za-z0-9_-]*){1,8}")


def _field(written: str) -> str:
    if _NAME.fullmatch(written):
        return written
    root = written.partition(".")[0]
    if root not in {"event", "person"}:
        raise ValueError(
            f"`{sentences.clipped(root)}` is not known here"
            f"{sentences.nearest(root, ('event', 'person'))}"
        )
    raise ValueError("write a path such as `event.data.total` or `person.country`")


_VALUE = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    ]
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One field held against one value."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    field: Annotated[str, AfterValidator(_field)]
    """A dotted path into the event or the person: `event.data.quality`, `person.country`."""
    operator: Operator
    """How the field is held against the value."""
    value: Annotated[Value, BeforeValidator(checked), WithJsonSchema(_VALUE)] = None
    """A text, a number, true or false; a list for `in`, `not_in`; none for `exists`, `missing`."""

    def __post_init__(self) -> None:
        if objection := _misfit(self.operator, self.value):
            raise ValueError(f"`{self.operator}` {objection}")


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    parts: Annotated[tuple["Condition", ...], Field(alias="all", min_length=1)]
    """The conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    parts: Annotated[tuple["Condition", ...], Field(alias="any", min_length=1)]
    """The conditions of which one must hold."""


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    part: Annotated["Condition", Field(alias="not")]
    """The condition that must not hold."""


@dataclass(frozen=True, slots=True)
class Cel:
    """An expression, for what the operators cannot say."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: Annotated[str, Field(alias="cel"), AfterValidator(cel.check)]
    """A CEL expression over `event` and `person` that gives true or false."""


_KINDS = {All: "all", AnyOf: "any", Not: "not", Cel: "cel"}


def _kind(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return next((f"#{word}" for word in _KINDS.values() if word in raw), "#clause")
    return f"#{_KINDS.get(type(raw), 'clause')}"


Condition: TypeAlias = Annotated[
    Annotated[All, Tag("#all")]
    | Annotated[AnyOf, Tag("#any")]
    | Annotated[Not, Tag("#not")]
    | Annotated[Cel, Tag("#cel")]
    | Annotated[Clause, Tag("#clause")],
    Discriminator(_kind),
]


def clauses(condition: Condition) -> tuple[Clause | Cel, ...]:
    """The leaves, in the order in which they are written."""
    match condition:
        case All(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in clauses(part))
        case Not(part):
            return clauses(part)
        case _:
            return (condition,)


def _bounded(condition: Condition) -> Condition:
    if len(clauses(condition)) > MOST_PARTS:
        raise ValueError(f"write at most {MOST_PARTS} clauses in one condition")
    return condition


Whole: TypeAlias = Annotated[Condition, AfterValidator(_bounded)]

_SHAPE: TypeAdapter[Condition] = TypeAdapter(Whole)


def read(text: str, *, name: str = "condition") -> Condition:
    """The condition in this YAML text. Raises `Invalid` with every problem and its line."""
    return documents.read(text, _SHAPE, name=name)


def decode(data: object, *, name: str = "condition") -> Condition:
    """The condition in plain data, as a form sends it. Raises `Invalid`."""
    return documents.decode(data, _SHAPE, name=name)


def plain(condition: Condition) -> dict[str, Any]:
    """The condition as plain data, such that `decode(plain(c)) == c`."""
    data: dict[str, Any] = _SHAPE.dump_python(
        condition, mode="json", by_alias=True, exclude_defaults=True
    )
    return data


def printed(condition: Condition) -> str:
    """The condition as a YAML text, such that `read(printed(c)) == c`."""
    return plain_yaml.write(plain(condition))


def _misfit(operator: Operator, value: Value) -> str | None:
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
