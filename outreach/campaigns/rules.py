"""Does this condition hold for this event and this person, and which clause says so?

A field that is missing or null makes its clause false, and the answer says so. An expression that
cannot be evaluated is no answer at all: it matches nothing, and `not` does not make it a yes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from outreach.campaigns import cel
from outreach.campaigns.conditions import All, AnyOf, Cel, Clause, Condition, Not, Operator
from outreach.campaigns.values import amount, instant, same
from outreach.sentences import clipped

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, because of which clause. `known` is false when an expression had no answer."""

    yes: bool
    because: str
    known: bool = True


ALWAYS = Answer(yes=True, because="no condition")


def matches(condition: Condition | None, *, event: Facts, person: Facts) -> Answer:
    """The answer for one event and one person; no condition at all is yes."""
    match condition:
        case None:
            return ALWAYS
        case All(parts):
            return _all([matches(part, event=event, person=person) for part in parts])
        case AnyOf(parts):
            return _any([matches(part, event=event, person=person) for part in parts])
        case Not(part):
            return _not(matches(part, event=event, person=person))
        case Cel(source):
            return _cel(source, event=event, person=person)
        case Clause():
            return _clause(condition, {"event": event, "person": person})


def printed(condition: Condition | None) -> str:
    """The condition as one line for people: `event.data.total at least 50 and not (…)`."""
    match condition:
        case None:
            return "always"
        case All(parts):
            return " and ".join(_inner(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inner(part) for part in parts)
        case Not(part):
            return f"not ({printed(part)})"
        case Cel(source):
            return f"cel {source!r}"
        case Clause(field, operator, value):
            return f"{field} {_WORDS[operator][0]} {'' if value is None else shown(value)}".rstrip()


def shown(value: object) -> str:
    """A value as a sentence quotes it."""
    if isinstance(value, list | tuple):
        return f"[{clipped(', '.join(str(entry) for entry in value))}]"
    return clipped(str(value).lower() if isinstance(value, bool) else value)


def _inner(part: Condition) -> str:
    compound = isinstance(part, All | AnyOf) and len(part.parts) > 1
    return f"({printed(part)})" if compound else printed(part)


def _all(answers: list[Answer]) -> Answer:
    noes = [answer for answer in answers if not answer.yes]
    if noes:
        return next((no for no in noes if no.known), noes[0])
    return Answer(yes=True, because="; ".join(answer.because for answer in answers))


def _any(answers: list[Answer]) -> Answer:
    if yes := next((answer for answer in answers if answer.yes), None):
        return yes
    because = "; ".join(answer.because for answer in answers)
    return Answer(yes=False, because=because, known=all(answer.known for answer in answers))


def _not(answer: Answer) -> Answer:
    if not answer.known:
        return answer
    because = f"excluded: {answer.because}" if answer.yes else answer.because
    return Answer(yes=not answer.yes, because=because)


def _cel(source: str, *, event: Facts, person: Facts) -> Answer:
    try:
        yes = cel.holds(source, event=event, person=person)
    except cel.NoAnswerError as error:
        return Answer(yes=False, because=f"cel {clipped(source)!r}: {error}", known=False)
    return Answer(yes=yes, because=f"cel {clipped(source)!r} is {str(yes).lower()}")


def _clause(clause: Clause, facts: Mapping[str, Facts]) -> Answer:
    found = _found(clause.field, facts)
    if clause.operator in {Operator.EXISTS, Operator.MISSING}:
        there = found is not None
        yes = there is (clause.operator is Operator.EXISTS)
        return Answer(yes=yes, because=f"{clause.field} {'exists' if there else 'is missing'}")
    if found is None:
        return Answer(yes=False, because=f"{clause.field} is missing")
    yes = _TESTS[clause.operator](found, clause.value)
    words = _WORDS[clause.operator][0 if yes else 1]
    said = f"{clause.field} {shown(found)} {words} {shown(clause.value)}"
    return Answer(yes=yes, because=said)


def _found(field: str, facts: Mapping[str, Facts]) -> object:
    """What stands at the path; None where a part of it is missing. Only mappings are entered."""
    here: object = facts
    for name in field.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _entries(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _among(found: object, values: object) -> bool:
    return any(same(found, value) for value in _entries(values))


def _holds(found: object, value: object) -> bool:
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, list | tuple | set | frozenset) and _among(value, found)


def _amounts(test: Callable[[int], bool]) -> Callable[[object, object], bool]:
    def compared(found: object, value: object) -> bool:
        left, right = amount(found), amount(value)
        return left is not None and right is not None and test(int(left.compare(right)))

    return compared


def _instants(test: Callable[[float], bool]) -> Callable[[object, object], bool]:
    def compared(found: object, value: object) -> bool:
        left, right = instant(found), instant(value)
        return left is not None and right is not None and test((left - right).total_seconds())

    return compared


_TESTS: Mapping[Operator, Callable[[object, object], bool]] = {
    Operator.IS: same,
    Operator.IS_NOT: lambda found, value: not same(found, value),
    Operator.IN: _among,
    Operator.NOT_IN: lambda found, values: not _among(found, values),
    Operator.AT_LEAST: _amounts(lambda order: order >= 0),
    Operator.AT_MOST: _amounts(lambda order: order <= 0),
    Operator.MORE_THAN: _amounts(lambda order: order > 0),
    Operator.LESS_THAN: _amounts(lambda order: order < 0),
    Operator.CONTAINS: _holds,
    Operator.BEFORE: _instants(lambda seconds: seconds < 0),
    Operator.AFTER: _instants(lambda seconds: seconds > 0),
}

# What is said when it holds, and when it does not.
_WORDS: Mapping[Operator, tuple[str, str]] = {
    Operator.IS: ("is", "is not"),
    Operator.IS_NOT: ("is not", "is"),
    Operator.IN: ("is in", "is not in"),
    Operator.NOT_IN: ("is not in", "is in"),
    Operator.AT_LEAST: ("is at least", "is not at least"),
    Operator.AT_MOST: ("is at most", "is not at most"),
    Operator.MORE_THAN: ("is more than", "is not more than"),
    Operator.LESS_THAN: ("is less than", "is not less than"),
    Operator.CONTAINS: ("contains", "does not contain"),
    Operator.EXISTS: ("exists", "is missing"),
    Operator.MISSING: ("is missing", "exists"),
    Operator.BEFORE: ("is before", "is not before"),
    Operator.AFTER: ("is after", "is not after"),
}
