"""Public holidays by country and subdivision, announced, computed or in doubt."""

from datetime import date, timedelta

import chinese_calendar.constants as announced
import pytest

from outreach.hours.calendar import AROUND_DECREED, holiday, holidays, is_holiday, ramadan


def test_a_national_holiday_counts_in_every_part():
    assert is_holiday("FR", date(2026, 7, 14))
    assert is_holiday("FR-974", date(2026, 7, 14))


def test_a_subdivision_has_its_own_besides():
    """Réunion keeps 20 December, Alsace Good Friday; the mainland keeps neither."""
    assert is_holiday("FR-974", date(2026, 12, 20))
    assert is_holiday("FR-6AE", date(2026, 4, 3))
    assert not is_holiday("FR", date(2026, 12, 20))


def test_an_unknown_subdivision_keeps_the_country_s():
    assert is_holiday("FR-ZZZ", date(2026, 7, 14))


def test_an_unknown_country_has_no_holiday_that_we_know_of():
    assert not is_holiday("ZZ", date(2026, 1, 1))
    assert holidays("ZZ", 2026) == {}


@pytest.mark.parametrize(
    ("jurisdiction", "language", "day", "name"),
    [
        ("FR", "fr", date(2026, 7, 14), "Fête nationale"),
        ("FR", "en", date(2026, 12, 25), "Christmas Day"),
        ("FR", "xx", date(2026, 12, 25), "Christmas Day"),
        ("CN", "zh-CN", date(2026, 2, 17), "春节"),
        ("CN", "en", date(2026, 2, 17), "Spring Festival"),
        ("CN", "zh-CN", date(2028, 10, 1), "国庆节"),
        ("US-LA", "en", date(2027, 2, 9), "Mardi Gras"),
    ],
)
def test_holidays_are_named_in_the_language_asked_for_where_there_is_one(
    jurisdiction, language, day, name
):
    assert holidays(jurisdiction, day.year, language=language)[day].name == name


def test_a_working_weekend_in_china_is_no_holiday_and_a_bridge_is_one():
    """In 2026 the week of the Spring Festival was worked for on 14 and 28 February."""
    assert holiday("CN", date(2026, 2, 14)) is False
    assert holiday("CN", date(2026, 2, 28)) is False
    assert holiday("CN", date(2026, 2, 23)) is True


def test_a_year_that_china_has_not_announced_is_provisional_and_closed_around_its_festivals():
    """Beyond what is known, National Day is certain to be kept and its week is likely to be."""
    year = max(day.year for day in announced.holidays) + 1
    assert holidays("CN", year)[date(year, 10, 1)].provisional
    assert holiday("CN", date(year, 10, 7)) is None
    assert is_holiday("CN", date(year, 10, 7))
    assert not is_holiday("CN", date(year, 11, 11))


def test_the_doubt_would_have_covered_every_day_off_since_2008():
    """Festivals by computation, and around them what became of them; one memorial day aside."""
    festivals = {
        day + timedelta(days=away)
        for year in range(2008, 2028)
        for day, name in _computed_of_china(year)
        if "observed" not in name and "Day off" not in name
        for away in AROUND_DECREED
    }
    memorial = announced.Holiday.anti_fascist_70th_day.value
    off = {day for day, name in announced.holidays.items() if day.year >= 2008 and name != memorial}
    assert off <= festivals


def _computed_of_china(year: int) -> list[tuple[date, str]]:
    import holidays as package  # noqa: PLC0415  # its name is taken here by what is tested

    return list(package.country_holidays("CN", years=year, language="en_US").items())


def test_a_feast_that_waits_for_the_moon_is_provisional_and_so_are_its_neighbours():
    """Indonesia's feast at the end of Ramadan is computed for 10 March 2027."""
    feast = date(2027, 3, 10)
    assert holidays("ID", 2027)[feast].provisional
    days = [feast + timedelta(days=away) for away in (-1, 0, 1)]
    assert [holiday("ID", day) for day in days] == [None, None, None]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 2, 6), False),
        (date(2027, 2, 7), None),
        (date(2027, 2, 8), None),
        (date(2027, 2, 9), True),
        (date(2027, 3, 7), True),
        (date(2027, 3, 8), None),
        (date(2027, 3, 9), None),
        (date(2027, 3, 10), False),
        (date(2030, 12, 30), True),  # the second one of that year
        (date(2031, 1, 15), True),
    ],
)
def test_ramadan_begins_and_ends_with_the_moon(day, said):
    assert ramadan(day) is said
