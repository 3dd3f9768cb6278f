"""Days of a state's own list: fixed dates, and distances from Easter."""

from datetime import date

import pytest

from outreach.hours.closures import DAY, closed, easter_sunday


@pytest.mark.parametrize(
    "day", [date(1818, 3, 22), date(1943, 4, 25), date(2008, 3, 23), date(2026, 4, 5)]
)
def test_easter_is_on_its_day(day):
    """Its earliest and its latest date, and two in between."""
    assert easter_sunday(day.year) == day


def test_mardi_gras_and_all_saints_close():
    days = ("easter-47", "11-01")
    assert closed(days, date(2026, 2, 17))
    assert closed(days, date(2027, 2, 9))
    assert closed(days, date(2026, 11, 1))
    assert not closed(days, date(2026, 11, 2))


def test_an_empty_list_closes_nothing():
    assert not closed((), date(2026, 11, 1))


def test_a_leap_day_closes_when_there_is_one():
    assert closed(("02-29",), date(2028, 2, 29))
    assert not closed(("02-29",), date(2027, 3, 1))


@pytest.mark.parametrize("text", ["13-01", "1-1", "easter", "easter-47", "easter+1", "02-30"])
def test_a_day_is_written_in_one_of_two_ways(text):
    assert bool(DAY.fullmatch(text)) == (text not in {"13-01", "1-1"})
