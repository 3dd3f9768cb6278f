"""On which day does a place keep a festival, and what is it called?"""

from datetime import date, timedelta
from typing import get_args

import pytest

from outreach.campaigns import festivals
from outreach.campaigns.triggers import Holiday


def test_every_holiday_that_may_be_written_is_known():
    assert set(get_args(Holiday)) == set(festivals.FESTIVALS)


@pytest.mark.parametrize(
    ("festival", "places", "day"),
    [
        ("spring_festival", ["CN"], date(2026, 2, 17)),  # and not the eve, a day off as well
        ("spring_festival", ["KR"], date(2026, 2, 17)),
        ("spring_festival", ["EG"], None),  # a spring festival of another kind
        ("mid_autumn", ["HK"], date(2026, 9, 25)),  # the day off is the day after
        ("dragon_boat", ["CN"], date(2026, 6, 19)),
        ("christmas", ["DE"], date(2026, 12, 25)),
        ("christmas", ["ET"], date(2026, 1, 7)),
        ("christmas", ["CN"], None),
        ("thanksgiving", ["US", "US-NY"], date(2026, 11, 26)),
        ("thanksgiving", ["CA", "CA-ON"], date(2026, 10, 12)),
        ("thanksgiving", ["CA", "CA-ON", "US"], date(2026, 10, 12)),
        ("diwali", ["IN"], date(2026, 11, 8)),
        ("eid_al_fitr", ["TR"], date(2026, 3, 20)),
        ("eid_al_fitr", ["KW"], date(2026, 3, 20)),
        ("national_day", ["CN"], date(2026, 10, 1)),
        ("national_day", ["CH"], date(2026, 8, 1)),
        ("easter", ["GB", "GB-ENG"], date(2026, 4, 5)),
        ("new_year", ["FR"], date(2026, 1, 1)),
    ],
)
def test_each_place_keeps_it_on_its_own_day(festival, places, day):
    assert festivals.kept_on(festival, places, 2026) == day
    assert day is None or day in festivals.days_anywhere(festival, 2026)


def test_it_is_named_in_the_language_of_the_person():
    assert festivals.name_of("mid_autumn", "zh-CN") == "中秋节"
    assert festivals.name_of("mid_autumn", "de") == "Mid-Autumn Festival"


@pytest.mark.parametrize("festival", sorted(festivals.FESTIVALS))
def test_it_comes_every_year_and_not_often(festival):
    """Few days a year: planning looks at everybody on each of them."""
    for year in range(2025, 2031):
        days = festivals.days_anywhere(festival, year)
        assert 1 <= len(days) <= (60 if festival == "national_day" else 8)
        home = festivals.at_home(festival, year)
        assert home is None or min(abs(home - day) for day in days) <= timedelta(0)
