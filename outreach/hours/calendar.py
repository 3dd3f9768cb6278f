"""Is this day a public holiday there?

Calendars come from the `holidays` package, by country and subdivision. A jurisdiction without one
has no holiday that we know of; its weekday windows still apply.
"""

from datetime import date
from functools import lru_cache

import holidays


def is_holiday(jurisdiction: str, day: date) -> bool:
    """Whether a date is a public holiday in a jurisdiction (`FR`, `FR-974`, `US-FL`)."""
    return day in _year(jurisdiction, day.year)


@lru_cache(maxsize=4096)
def _year(jurisdiction: str, year: int) -> frozenset[date]:
    country, _, part = jurisdiction.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError:
        # The package's way to say that it has no calendar of that name; a country's own one is
        # still right for a subdivision that it does not tell apart.
        return _year(country, year) if part else frozenset()
