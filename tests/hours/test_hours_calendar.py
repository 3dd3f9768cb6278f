"""Public holidays by country and subdivision."""

from datetime import date

from outreach.hours.calendar import is_holiday


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
