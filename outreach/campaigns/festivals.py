"""On which day does a place keep a festival, and what is it called?

Each place's own calendar says, by the names that it gives to its days; what the state adds around a
festival, or moves because of a weekend, is not the festival itself. Islamic dates are computed, and
the moon may move them by a day.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from outreach.hours import calendar

_ESTIMATED = re.compile(r" \(estimated\)$")


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival: what calendars call it in English, the likeliest name first, and its own names.

    `home` has the date for people who keep it where the calendar does not. `parts` are countries
    whose provinces have it and the country has not. Behind a name stands by how many days the
    festival comes before the day off that is called so.
    """

    called: Sequence[tuple[str, int]]
    names: Mapping[str, str]
    home: str | None = None
    parts: Sequence[str] = field(default=())


def _festival(en: str, zh: str, *called: str, home: str | None = None, **more: str) -> Festival:
    parts = tuple(more.get("parts", "").split())
    after = [(more["after"], 1)] if "after" in more else []
    names = MappingProxyType({"en": en, "zh": zh})
    return Festival((*((name, 0) for name in called), *after), names, home, parts)


FESTIVALS: Mapping[str, Festival] = MappingProxyType({
    "new_year": _festival("New Year", "元旦", "New Year's Day", home="US"),
    "spring_festival": _festival(
        "Spring Festival", "春节", "Chinese New Year", "Chinese New Year (Spring Festival)",
        "Lunar New Year", "Korean New Year", home="CN",
    ),
    "easter": _festival("Easter", "复活节", "Easter Sunday", after="Easter Monday"),
    "eid_al_fitr": _festival(
        "Eid al-Fitr", "开斋节", "Eid al-Fitr", "Eid al-Fitr Holiday", home="EG"
    ),
    "eid_al_adha": _festival(
        "Eid al-Adha", "宰牲节", "Eid al-Adha", "Eid al-Adha Holiday", home="EG"
    ),
    "dragon_boat": _festival(
        "Dragon Boat Festival", "端午节", "Dragon Boat Festival", "Tuen Ng Festival", home="CN"
    ),
    "mid_autumn": _festival(
        "Mid-Autumn Festival", "中秋节", "Mid-Autumn Festival", "Chuseok", home="CN",
        after="The Day following Mid-Autumn Festival",
    ),
    "national_day": _festival("National Day", "国庆节", "National Day"),
    "thanksgiving": _festival(
        "Thanksgiving", "感恩节", "Thanksgiving Day", "Thanksgiving", home="US", parts="CA"
    ),
    "diwali": _festival("Diwali", "排灯节", "Diwali", "Deepavali", home="IN"),
    "christmas": _festival("Christmas", "圣诞节", "Christmas Day", "Christmas", home="US"),
})  # fmt: skip


def kept_on(festival: str, jurisdictions: Sequence[str], year: int) -> date | None:
    """The day on which any of these places keeps it in a year, the first of several; or None."""
    days = {day for place in jurisdictions if (day := _day(festival, place, year))}
    return min(days, default=None)


def at_home(festival: str, year: int) -> date | None:
    """The day on which it is kept where it comes from; None where it comes from no one place."""
    home = FESTIVALS[festival].home
    return _day(festival, home, year) if home else None


@lru_cache(maxsize=64)
def days_anywhere(festival: str, year: int) -> frozenset[date]:
    """Every day on which it is kept somewhere."""
    known = FESTIVALS[festival]
    places = [place for country in known.parts for place in calendar.parts_of(country)]
    found = (_day(festival, place, year) for place in (*calendar.countries(), *places))
    return frozenset(day for day in found if day)


def name_of(festival: str, locale: str) -> str:
    """What the festival is called in this language, or in English."""
    names = FESTIVALS[festival].names
    return names.get(locale.partition("-")[0], names["en"])


@lru_cache(maxsize=1 << 14)
def _day(festival: str, place: str, year: int) -> date | None:
    days = calendar.by_tradition(place, year)
    for called, later in FESTIVALS[festival].called:
        for day, names in days.items():
            if called in {_ESTIMATED.sub("", name) for name in names.split("; ")}:
                return day - timedelta(days=later)
    return None
