"""What yes/no questions can a campaign ask about an event, a person and their history?

A condition is data, so that a form can edit it and the clause that said no can be named. This
module reads and checks it; `rules` answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
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

from outreach import documents, plain_yaml
from outreach.campaigns import catalogue, cel, operators
from outreach.campaigns.fields import Span
from outreach.campaigns.operators import Operator
from outreach.campaigns.values import Value, checked
from outreach.shapes import STRICT

MOST_PARTS = 100


class Source(StrEnum):
    """What a person's history is made of."""

    EVENTS = "events"
    ANSWERS = "answers"
    ORDERS = "orders"
    PARCELS = "parcels"
    CONTRACTS = "contracts"
    REGISTRATIONS = "registrations"
    CASES = "cases"
    TOUCHES = "touches"


def _field(written: str) -> str:
    if objection := catalogue.objection(written):
        raise ValueError(objection)
    return written


def _past(written: str) -> str:
    if written.partition(".")[0] not in catalogue.SOURCES:
        known = ", ".join(catalogue.SOURCES)
        raise ValueError(
            f"write a field of the person's history ({known}), such as `answers.score`"
        )
    return _field(written)


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
        _check(self.field, catalogue.sort_of(self.field), self.operator, self.value)


_PastField: TypeAlias = Annotated[str, AfterValidator(_past)]
_AnyField: TypeAlias = Annotated[str, AfterValidator(_field)]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a person's history comes to, or how far away a day is, held against one value.

    One of `count`, `sum`, `first`, `last`, `days_since` and `days_until` says what is asked for.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    operator: Operator
    """How the result is held against the value."""
    count: Source | None = None
    """How many things there are of this source."""
    sum: _PastField | None = None
    """The sum of this number over them; of nothing it is 0."""
    first: _PastField | None = None
    """This field of the oldest of them."""
    last: _PastField | None = None
    """This field of the newest of them."""
    days_since: _AnyField | None = None
    """How many whole days ago the newest of these was that has passed; also of a single date."""
    days_until: _AnyField | None = None
    """How many whole days ahead the nearest of these is that is to come; also of a single date."""
    within: Span | None = None
    """Only what happened no longer ago than this; without it, everything."""
    where: Annotated["Condition | None", Field()] = None
    """What must hold of a thing for it to count: a condition over the fields of this source."""
    value: Annotated[Value, BeforeValidator(checked), WithJsonSchema(_VALUE)] = None
    """What the result is held against, as in a clause."""

    def __post_init__(self) -> None:
        if sum(getattr(self, name) is not None for name in TALLIES) != 1:
            raise ValueError(f"write one of {', '.join(TALLIES)}")
        _check(f"{self.asked} {self.of}", self._sort(), self.operator, self.value)
        if objection := self._misplaced():
            raise ValueError(objection)

    @property
    def asked(self) -> str:
        """What is asked for: `count`, `sum`, `first`, `last`, `days_since` or `days_until`."""
        return next(name for name in TALLIES if getattr(self, name) is not None)

    @property
    def of(self) -> str:
        """The source that is counted, or the field that the rest is about."""
        return str(getattr(self, self.asked))

    @property
    def source(self) -> str:
        """Whose things are looked at: a key of `catalogue.SOURCES`, unless it is `single`."""
        return self.of.partition(".")[0]

    @property
    def single(self) -> bool:
        """Whether one field is asked, and no history: `days_until: person.birthday`."""
        return self.source not in catalogue.SOURCES

    def _sort(self) -> catalogue.Sort:
        """The sort of the result. Raises `ValueError` when the field cannot be asked for so."""
        if self.asked == "count":
            return "number"
        sort = catalogue.sort_of(self.of) or "any"
        if self.asked in {"first", "last"}:
            return sort
        wanted: catalogue.Sort = "number" if self.asked == "sum" else "instant"
        fitting = {"number", "any"} if self.asked == "sum" else {"instant", "date", "any"}
        if sort not in fitting:
            needs, has = operators.ARTICLES[wanted], operators.ARTICLES[sort]
            raise ValueError(f"`{self.asked}` needs {needs}, and `{self.of}` is {has}")
        return "number"

    def _misplaced(self) -> str | None:
        if self.single and (self.within or self.where):
            return f"`within` and `where` are for a history, and `{self.of}` is none: remove them"
        for leaf in clauses(self.where) if self.where else ():
            if not isinstance(leaf, Clause):
                return "write only clauses in `where`, no expression and no tally"
            if leaf.field.partition(".")[0] != self.source:
                return (
                    f"`where` asks for {self.source} alone: `{leaf.field}` is none of their fields"
                )
        return None


TALLIES = ("count", "sum", "first", "last", "days_since", "days_until")


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


_KINDS = {All: "all", AnyOf: "any", Not: "not", Cel: "cel", Tally: "tally"}


def _kind(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return f"#{_KINDS.get(type(raw), 'clause')}"
    if not raw.keys().isdisjoint(TALLIES):
        return "#tally"
    return next((f"#{word}" for word in _KINDS.values() if word in raw), "#clause")


Condition: TypeAlias = Annotated[
    Annotated[All, Tag("#all")]
    | Annotated[AnyOf, Tag("#any")]
    | Annotated[Not, Tag("#not")]
    | Annotated[Cel, Tag("#cel")]
    | Annotated[Tally, Tag("#tally")]
    | Annotated[Clause, Tag("#clause")],
    Discriminator(_kind),
]


def clauses(condition: Condition) -> tuple[Clause | Tally | Cel, ...]:
    """The leaves, in the order in which they are written."""
    match condition:
        case All(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in clauses(part))
        case Not(part):
            return clauses(part)
        case _:
            return (condition,)


def _bounded(condition: Condition) -> Condition:
    leaves = clauses(condition)
    wheres = [leaf.where for leaf in leaves if isinstance(leaf, Tally) and leaf.where]
    if len(leaves) + sum(len(clauses(where)) for where in wheres) > MOST_PARTS:
        raise ValueError(f"write at most {MOST_PARTS} clauses in one condition")
    for leaf in leaves:
        if isinstance(leaf, Clause) and leaf.field.partition(".")[0] in catalogue.SOURCES:
            raise ValueError(f"`{leaf.field}` stands only in the `where` of a tally: add `count`")
    return condition


Whole: TypeAlias = Annotated[Condition, AfterValidator(_bounded)]


# Built at the first use: a process that reads no condition does without.
@lru_cache(maxsize=1)
def _shape() -> TypeAdapter[Condition]:
    return TypeAdapter(Whole)


def read(text: str, *, name: str = "condition") -> Condition:
    """The condition in this YAML text. Raises `Invalid` with every problem and its line."""
    return documents.read(text, _shape(), name=name)


def decode(data: object, *, name: str = "condition") -> Condition:
    """The condition in plain data, as a form sends it. Raises `Invalid`."""
    return documents.decode(data, _shape(), name=name)


def plain(condition: Condition) -> dict[str, Any]:
    """The condition as plain data, such that `decode(plain(c)) == c`."""
    data: dict[str, Any] = _shape().dump_python(
        condition, mode="json", by_alias=True, exclude_defaults=True
    )
    return data


def printed(condition: Condition) -> str:
    """The condition as a YAML text, such that `read(printed(c)) == c`."""
    return plain_yaml.write(plain(condition))


def _check(name: str, sort: catalogue.Sort | None, operator: Operator, value: Value) -> None:
    if objection := operators.misfit(operator, value):
        raise ValueError(f"`{operator}` {objection}")
    if sort and (objection := operators.unfit(name, sort, operator, value)):
        raise ValueError(objection)
