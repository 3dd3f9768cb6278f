"""Does this condition hold for what is seen, and which clause says so?

A field that is missing or null makes its clause false, and the answer says so. An expression that
cannot be evaluated is no answer at all: it matches nothing, and `not` does not make it a yes.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from outreach.campaigns import catalogue, cel, days, tally
from outreach.campaigns.conditions import All, AnyOf, Cel, Clause, Condition, Not, Tally
from outreach.campaigns.operators import ALONE, Operator
from outreach.campaigns.said import WORDS, shown, tallied
from outreach.campaigns.seen import Facts, Seen
from outreach.campaigns.values import amount, instant, same
from outreach.sentences import clipped

_MAPS = (dict, Mapping)  # what is a plain one, as nearly all are, is known at once


class Answer(NamedTuple):
    """Yes or no, because of which clause. `known` is false when an expression had no answer.

    Why is put into words by whoever asks: of most answers nobody does.
    """

    yes: bool
    say: Callable[[], str]
    known: bool = True

    @property
    def because(self) -> str:
        """The clause that decided, and what it looked at."""
        return self.say()


ALWAYS = Answer(yes=True, say=lambda: "no condition")


def matches(condition: Condition | None, seen: Seen) -> Answer:
    """The answer for one person and what happened; no condition at all is yes.

    Raises `KeyError` when a source of history or a kind of record that the condition names was not
    gathered.
    """
    match condition:
        case None:
            return ALWAYS
        case Clause(field, operator, value):
            return _held(lambda: field, _found(field, seen), operator, value)
        case All(parts):
            return _all([matches(part, seen) for part in parts])
        case AnyOf(parts):
            return _any([matches(part, seen) for part in parts])
        case Not(part):
            return _not(matches(part, seen))
    return _reckoned(condition, seen)


def _reckoned(condition: Tally | Cel, seen: Seen) -> Answer:
    if isinstance(condition, Cel):
        return _cel(condition.source, event=seen.event, person=seen.person)
    found, operator = _tallied(condition, seen), condition.operator
    return _held(lambda: f"{tallied(condition)}:", found, operator, condition.value)


def _all(answers: list[Answer]) -> Answer:
    noes = [answer for answer in answers if not answer.yes]
    if noes:
        return next((no for no in noes if no.known), noes[0])
    return Answer(yes=True, say=partial(_joined, answers))


def _any(answers: list[Answer]) -> Answer:
    if yes := next((answer for answer in answers if answer.yes), None):
        return yes
    known = all(answer.known for answer in answers)
    return Answer(yes=False, say=partial(_joined, answers), known=known)


def _joined(answers: list[Answer]) -> str:
    return "; ".join(answer.because for answer in answers)


def _not(answer: Answer) -> Answer:
    if not answer.known:
        return answer
    excluded = answer.yes
    return Answer(
        not excluded, lambda: f"excluded: {answer.because}" if excluded else answer.because
    )


def _cel(source: str, *, event: Facts, person: Facts) -> Answer:
    try:
        yes = cel.holds(source, event=event, person=person)
    except cel.NoAnswerError as error:
        told = f"cel {clipped(source)!r}: {error}"
        return Answer(yes=False, say=lambda: told, known=False)
    return Answer(yes, lambda: f"cel {clipped(source)!r} is {str(yes).lower()}")


def _held(name: Callable[[], str], found: object, operator: Operator, value: object) -> Answer:
    if operator in ALONE:
        yes = (found is not None) is (operator is Operator.EXISTS)
        return Answer(yes, lambda: f"{name()} {_word(operator, yes=yes)}")
    if found is None:
        return Answer(yes=False, say=lambda: f"{name()} is missing")
    yes = holds(found, operator, value)

    def said() -> str:
        there = "…" if catalogue.lies_sealed(name(), found) else shown(found)
        return f"{name()} {there} {_word(operator, yes=yes)} {shown(value)}"

    return Answer(yes, said)


def _word(operator: Operator, *, yes: bool) -> str:
    return WORDS[operator][0 if yes else 1]


def holds(found: object, operator: Operator, value: object) -> bool:
    """Whether what was found holds against the value; not for `exists` and `missing`."""
    return _TESTS[operator](found, value)


def most(operator: Operator, value: object) -> Decimal | None:
    """The number above which nothing holds against the value; None where there is none."""
    return amount(value) if operator in _BOUNDED else None


def _found(field: str, seen: Seen) -> object:
    """What stands at the path; None where a part of it is missing."""
    root, _, rest = field.partition(".")
    if root == "event":
        return _at(seen.event, rest)
    if root == "person":
        return _at(seen.person, rest)
    if root not in catalogue.LAST:
        return _at(seen.records[root], rest)
    things = tally.recent(seen.history[catalogue.LAST[root]], within=None, now=seen.now)
    if not things:
        return None
    if rest == catalogue.DAYS_AGO:
        return tally.days_ago(things[-1]["at"], seen.now)
    return _at(things[-1], rest)


def _at(here: object, path: str) -> object:
    """What stands at this path inside; only maps are entered."""
    for name in path.split("."):
        here = here.get(name) if isinstance(here, _MAPS) else None
    return here


def _tallied(asked: Tally, seen: Seen) -> object:
    if asked.single:
        far = days.since if asked.asked == "days_since" else days.until
        return far(_found(asked.of, seen), seen.now, comes_round=asked.of == catalogue.BIRTHDAY)
    happened = tally.recent(seen.history[asked.source], within=asked.within, now=seen.now)
    things = [thing for thing in happened if _counts(asked, thing, seen)]
    return tally.value(asked.asked, _values(asked, things), now=seen.now)


def _values(asked: Tally, things: Sequence[Facts]) -> list[object]:
    inner = asked.of.partition(".")[2]
    return [_at(thing, inner) if inner else thing for thing in things]


def _counts(asked: Tally, thing: Facts, seen: Seen) -> bool:
    """Whether this thing meets the tally's `where`: a condition over it alone."""
    alone = Seen({}, {}, seen.now, records={asked.source: thing})
    return asked.where is None or matches(asked.where, alone).yes


def _entries(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def _among(found: object, values: object) -> bool:
    return any(same(found, value) for value in _entries(values))


def _contains(found: object, value: object) -> bool:
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


_BOUNDED = frozenset({Operator.IS, Operator.AT_MOST, Operator.LESS_THAN})
_TESTS: Mapping[Operator, Callable[[object, object], bool]] = {
    Operator.IS: same,
    Operator.IS_NOT: lambda found, value: not same(found, value),
    Operator.IN: _among,
    Operator.NOT_IN: lambda found, values: not _among(found, values),
    Operator.AT_LEAST: _amounts(lambda order: order >= 0),
    Operator.AT_MOST: _amounts(lambda order: order <= 0),
    Operator.MORE_THAN: _amounts(lambda order: order > 0),
    Operator.LESS_THAN: _amounts(lambda order: order < 0),
    Operator.CONTAINS: _contains,
    Operator.BEFORE: _instants(lambda seconds: seconds < 0),
    Operator.AFTER: _instants(lambda seconds: seconds > 0),
}
