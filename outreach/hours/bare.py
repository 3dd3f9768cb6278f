"""When do these windows open on these clocks?  One line of JSON asks, one line answers.

For whoever wants the arithmetic of hours without law, people or a database:

    {"zones": ["America/New_York"], "windows": [["08:00", "21:00"]], "at": "2026-03-08T06:59:59Z"}
    {"allowed": false, "next": "2026-03-08T12:00:00Z"}

`windows` hold every day, or by weekday, where a day that is not named is closed. One that ends
before it begins runs into the next day. `next` is null when nothing opens within 400 days.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from outreach.errors import Invalid
from outreach.hours import window, zones
from outreach.hours.model import MINUTES_A_DAY, Rule, Week, Window, of_hours

KEYS = {"zones", "windows", "at"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|(24):(00)")
PAIR = 2

UNREADABLE = (Invalid, ValueError, OverflowError, RecursionError)
"""What a strange line may raise: brackets without end, an instant at the end of the calendar."""


def answer(line: str) -> str:
    """The answer to a line, or what is wrong with it as `{"error": …}`; raises nothing."""
    try:
        return _said(_question(line))
    except UNREADABLE as error:
        return json.dumps({"error": str(error)}, ensure_ascii=False)


def wrong(answered: str) -> bool:
    """Whether an answer says that its line could not be read."""
    return answered.startswith('{"error"')


def _question(line: str) -> tuple[tuple[str, ...], Rule, datetime]:
    asked = json.loads(line)
    if not isinstance(asked, Mapping) or set(asked) != KEYS:
        raise Invalid('a line is an object with the keys "zones", "windows" and "at"')
    return _zones(asked["zones"]), _rule(json.dumps(asked["windows"])), _instant(asked["at"])


def _said(question: tuple[tuple[str, ...], Rule, datetime]) -> str:
    clocks, rule, at = question
    found = window.next_open((rule,), clocks, at=at)
    opens = f'"{written(found.next_at)}"' if found.next_at else "null"
    return f'{{"allowed": {"true" if found.allowed else "false"}, "next": {opens}}}'


def written(instant: datetime) -> str:
    """An instant in UTC by RFC 3339."""
    return instant.isoformat().replace("+00:00", "Z")


def _zones(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise Invalid('"zones" is a list of one name or more')
    for name in given:
        if not isinstance(name, str) or name not in zones.names():
            raise Invalid(f"{name!r} is not a zone of the tz database")
    return tuple(given)


def _instant(given: object) -> datetime:
    if not isinstance(given, str):
        raise Invalid('"at" is an instant such as "2026-03-08T06:59:59Z"')
    return window.in_utc(datetime.fromisoformat(given))


@lru_cache(maxsize=4096)
def _rule(written_windows: str) -> Rule:
    """A rule of nothing but its windows, one object for all lines that say the same."""
    return of_hours(written_windows, _week(json.loads(written_windows)), source="asked")


def _week(given: object) -> Week:
    if isinstance(given, Mapping):
        if strange := set(given) - set(DAYS):
            raise Invalid(f"{min(strange)!r} is not a day; write {', '.join(DAYS)}")
        return tuple(_day(given.get(day, [])) for day in DAYS)
    return (_day(given),) * len(DAYS)


def _day(given: object) -> tuple[Window, ...]:
    if not isinstance(given, list):
        raise Invalid('"windows" is a list of pairs, or one for each day of the week')
    return tuple(sorted(_window(pair) for pair in given))


def _window(pair: object) -> Window:
    if not isinstance(pair, list) or len(pair) != PAIR:
        raise Invalid(f'{pair!r} is not a window such as ["08:00", "21:00"]')
    opens, closes = (_minutes(end) for end in pair)
    if opens in {closes, MINUTES_A_DAY}:
        raise Invalid(f'{pair!r} holds no time; a whole day is ["00:00", "24:00"]')
    return Window(opens, closes if closes > opens else closes + MINUTES_A_DAY)


def _minutes(text: object) -> int:
    found = TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid(f"{text!r} is not a time such as 08:00")
    hour, minute = (int(part) for part in found.groups() if part)
    return hour * 60 + minute
