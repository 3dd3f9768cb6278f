"""How is a condition said in one line, for people who read why?"""

from collections.abc import Mapping
from datetime import date, datetime

from outreach.campaigns import durations
from outreach.campaigns.conditions import All, AnyOf, Cel, Clause, Condition, Not, Tally
from outreach.campaigns.operators import Operator
from outreach.people.own_dates import NO_YEAR
from outreach.sentences import clipped

# What is said when it holds, and when it does not.
WORDS: Mapping[Operator, tuple[str, str]] = {
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
_ASKED = {
    "count": "{of}",
    "sum": "sum of {of}",
    "first": "first {of}",
    "last": "last {of}",
    "days_since": "days since {of}",
    "days_until": "days until {of}",
}


def printed(condition: Condition | None) -> str:
    """The condition as one line for people: `event.data.total is at least 50 and not (…)`."""
    match condition:
        case None:
            return "always"
        case All(parts):
            return " and ".join(_inner(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inner(part) for part in parts)
        case Not(part):
            return f"not ({printed(part)})"
        case _:
            return _leaf(condition)


def tallied(asked: Tally) -> str:
    """What a tally asks for: `orders in 90 d where (orders.total is at least 50)`."""
    within = f" in {durations.printed(asked.within)}" if asked.within is not None else ""
    where = f" where ({printed(asked.where)})" if asked.where else ""
    return f"{_ASKED[asked.asked].format(of=asked.of)}{within}{where}"


def shown(value: object) -> str:
    """A value as a sentence quotes it."""
    if isinstance(value, list | tuple):
        return f"[{clipped(', '.join(str(entry) for entry in value))}]"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return f"{value:%m-%d}" if value.year == NO_YEAR else value.isoformat()
    return clipped(str(value).lower() if isinstance(value, bool) else value)


def _leaf(condition: Clause | Tally | Cel) -> str:
    if isinstance(condition, Cel):
        return f"cel {condition.source!r}"
    name = tallied(condition) if isinstance(condition, Tally) else condition.field
    value = "" if condition.value is None else f" {shown(condition.value)}"
    return f"{name} {WORDS[condition.operator][0]}{value}"


def _inner(part: Condition) -> str:
    compound = isinstance(part, All | AnyOf) and len(part.parts) > 1
    return f"({printed(part)})" if compound else printed(part)
