"""Between which days does no row begin or end?

Rules are worked out once per such stretch. A turn is a local date on which some row begins to hold
or has just ceased to.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from outreach.hours.model import Rule

A_DAY = timedelta(days=1)


def turns_of(rules: Iterable[Rule]) -> tuple[date, ...]:
    """Every turn of these rules, in order."""
    return tuple(sorted({turn for rule in rules for turn in _turns(rule)}))


def _turns(rule: Rule) -> Iterator[date]:
    if rule.effective_from:
        yield rule.effective_from
    if rule.effective_to:
        yield rule.effective_to + A_DAY


def stretch(turns: tuple[date, ...], day: date) -> tuple[date, date]:
    """The first and last day around a day on which no row begins or ends."""
    index = bisect_right(turns, day)
    first = turns[index - 1] if index else date.min
    return first, turns[index] - A_DAY if index < len(turns) else date.max


def dated(rule: Rule, first: date, last: date) -> Rule:
    """The rule for these days alone, or for those of them on which it holds."""
    return replace(
        rule,
        effective_from=max(first, rule.effective_from or first),
        effective_to=min(last, rule.effective_to or last),
    )
