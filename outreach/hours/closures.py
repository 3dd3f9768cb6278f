"""Is this one of the days on which a state's own list closes, and no calendar says so?

A list in a row names a fixed date (`11-01`) or a distance in days from Easter Sunday of the Western
churches (`easter-47` is Mardi Gras).
"""

import re
from datetime import date, timedelta
from functools import lru_cache

DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|easter([+-]\d{1,3})?")
"""How a day of such a list is written."""


def closed(days: tuple[str, ...], day: date) -> bool:
    """Whether a list names a date; each entry matches `DAY`."""
    return bool(days) and day in _of_year(days, day.year)


@lru_cache(maxsize=1024)
def _of_year(days: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(found for text in days if (found := _dated(text, year)))


def _dated(text: str, year: int) -> date | None:
    if text.startswith("easter"):
        return easter_sunday(year) + timedelta(days=int(text.removeprefix("easter") or 0))
    month, _, day = text.partition("-")
    try:
        return date(year, int(month), int(day))
    except ValueError:  # the 29th of February, in most years
        return None


def easter_sunday(year: int) -> date:
    """Easter of the Western churches, by the method of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    golden = year % 19
    correction = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
