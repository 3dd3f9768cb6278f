"""Which days are holidays there, what are they called, and is that settled yet?

One calendar serves both ways: a campaign may begin on a holiday, and a rule may close on it. Dates
come from the `holidays` package by country and subdivision, and for China from `chinesecalendar`,
which holds what the State Council announced, working weekends included. A jurisdiction without a
calendar has no holiday that we know of; its weekday windows still apply.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import chinese_calendar.constants as announced
import holidays as computed
from holidays.calendars.islamic import _IslamicLunar

ENGLISH = "en_US"

BY_DECREE = "CN"
"""The country whose days off are announced each autumn for the year to come."""

AROUND_DECREED = range(-2, 6)
"""Days, counted from a festival, of which some may be off: covers all that China had since 2008."""

AROUND_SIGHTED = range(-1, 2)
"""Days between which the sight of the moon decides."""

OCTOBER = 10
ALPHA = 2

MONTH = 35
"""More days than a lunar month has, and fewer than two."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday; `provisional` until its date is announced or seen."""

    name: str
    provisional: bool


def holidays(jurisdiction: str, year: int, *, language: str = ENGLISH) -> Mapping[date, Holiday]:
    """The public holidays of a year in a jurisdiction (`FR`, `FR-974`, `US-FL`), in order.

    Names are in `language` (`fr`, `zh-CN`) where the calendar has it, else in English or its own.
    """
    return _holidays(jurisdiction, year, language.replace("-", "_"))


def holiday(jurisdiction: str, day: date) -> bool | None:
    """Whether a date is a public holiday; `None` while in doubt, which closes like a yes."""
    found = holidays(jurisdiction, day.year).get(day)
    if found is not None and not found.provisional:
        return True
    return None if found or day in _in_doubt(jurisdiction, day.year) else False


def by_tradition(jurisdiction: str, year: int) -> Mapping[date, str]:
    """The days of a calendar by their English names, in order, before any decree moves days off."""
    country, _, part = jurisdiction.partition("-")
    return MappingProxyType(dict(sorted(_calendar(country, part or None, year, ENGLISH).items())))


def countries() -> tuple[str, ...]:
    """The countries that have a calendar, by ISO 3166-1 alpha-2."""
    return tuple(sorted(code for code in computed.list_supported_countries() if len(code) == ALPHA))


def parts_of(country: str) -> tuple[str, ...]:
    """The parts of a country that have a calendar of their own: `CA-ON`."""
    return tuple(f"{country}-{part}" for part in computed.list_supported_countries()[country])


def is_holiday(jurisdiction: str, day: date) -> bool:
    """Whether a date has to be treated as a public holiday."""
    return holiday(jurisdiction, day) is not False


def ramadan(day: date) -> bool | None:
    """Whether a date lies in Ramadan; `None` on the days at its ends, which the moon decides."""
    said = {_within(day, first, feast) for first, feast in _ramadans(day.year)}
    return True if True in said else None if None in said else False


def _within(day: date, first: date, feast: date) -> bool | None:
    doubt = timedelta(days=1)
    if first + doubt <= day < feast - doubt:
        return True
    return None if first - doubt <= day < feast + doubt else False


@lru_cache(maxsize=256)
def _ramadans(year: int) -> tuple[tuple[date, date], ...]:
    """The first day of Ramadan and that of the feast after it, for all that touch a year."""
    lunar = _IslamicLunar()
    near = (year - 1, year, year + 1)
    firsts = [day for one in near for day, _ in lunar.ramadan_beginning_dates(one)]
    feasts = [day for one in near for day, _ in lunar.eid_al_fitr_dates(one)]
    return tuple(
        (first, feast) for first in firsts for feast in feasts if 0 < (feast - first).days < MONTH
    )


@lru_cache(maxsize=4096)
def _holidays(jurisdiction: str, year: int, language: str) -> Mapping[date, Holiday]:
    country, _, part = jurisdiction.partition("-")
    if country == BY_DECREE:
        found = _of_china(year, language)
    else:
        found = _of_calendar(country, part or None, year, language)
    return MappingProxyType(dict(sorted(found)))


def _of_china(year: int, language: str) -> Iterator[tuple[date, Holiday]]:
    if year not in _decreed():
        for day, found in _of_calendar(BY_DECREE, None, year, language):
            yield day, Holiday(found.name, provisional=True)
        return
    chinese = {one.value: one.chinese for one in announced.Holiday}
    names = chinese if language.startswith("zh") else {}
    for day, name in announced.holidays.items():
        if day.year == year:
            yield day, Holiday(names.get(name, name), provisional=False)


@lru_cache(maxsize=1)
def _decreed() -> frozenset[int]:
    # The first days of a year may be announced along with the year before, its October is not.
    return frozenset(day.year for day in announced.holidays if day.month == OCTOBER)


def _of_calendar(
    country: str, part: str | None, year: int, language: str
) -> Iterator[tuple[date, Holiday]]:
    english = _calendar(country, part, year, ENGLISH)
    spoken = english if language == ENGLISH else _calendar(country, part, year, language)
    for day, name in english.items():
        yield day, Holiday(spoken.get(day, name), provisional="estimated" in name)


def _calendar(country: str, part: str | None, year: int, language: str) -> Mapping[date, str]:
    try:
        return computed.country_holidays(country, subdiv=part, years=year, language=language)
    except NotImplementedError:
        # The package's way to say that it has no calendar of that name; a country's own one is
        # still right for a subdivision that it does not tell apart.
        return _calendar(country, None, year, language) if part else {}


@lru_cache(maxsize=4096)
def _in_doubt(jurisdiction: str, year: int) -> frozenset[date]:
    """Days that may turn out to be holidays; neighbouring years reach into this one."""
    around = AROUND_DECREED if jurisdiction.partition("-")[0] == BY_DECREE else AROUND_SIGHTED
    return frozenset(
        day + timedelta(days=away)
        for near in (year - 1, year, year + 1)
        for day, found in holidays(jurisdiction, near).items()
        if found.provisional
        for away in around
    )
