"""What is planned for which hour, and what else is on that day?"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.app import Outreach
from outreach.errors import Invalid
from outreach.reports import calendar, sale_days
from outreach.reports.calendar import Asked
from tests import builders as b

TEN = [b.a_step(after="P2D", at="10:00")]


def test_hours_stand_with_what_they_carry_and_what_the_day_is(app: Outreach) -> None:
    """Two mails at ten in Dublin, where one an hour can leave; and Saint Patrick."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=TEN)
    for ref in ("ada", "bo"):
        person = b.a_person(app, brand, ref, country="IE", zone="Europe/Dublin")
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    asked = Asked(b.NOON.date(), 8, "Europe/Dublin", quotas={"email": 1})
    with app.means.database.reading(brand) as tx:
        days = calendar.planned(tx, asked)
    (full,) = [day for day in days if day.planned]
    (hour,) = full.hours
    assert len(days) == 8
    assert (hour.hour, hour.channel, hour.planned, hour.held, hour.over) == (10, "email", 2, 0, 1)
    assert [(on.country, on.name) for on in days[-1].holidays] == [("IE", "Saint Patrick's Day")]


def test_no_more_days_are_shown_than_anybody_reads(app: Outreach) -> None:
    for days in (0, calendar.LONGEST + 1):
        with app.means.database.reading(b.a_brand(app)) as tx, pytest.raises(Invalid, match="days"):
            calendar.planned(tx, Asked(b.NOON.date(), days))


@pytest.mark.parametrize(
    ("day", "countries", "name"),
    [
        (date(2026, 11, 11), ["CN"], "Double 11"),
        (date(2026, 6, 18), ["CN"], "618"),
        (date(2026, 11, 27), ["US"], "Black Friday"),
        (date(2024, 11, 29), ["PT"], "Black Friday"),
        (date(2025, 12, 1), ["US"], "Cyber Monday"),
        (date(2025, 11, 14), ["MX"], "Buen Fin"),
    ],
)
def test_sales_are_where_merchants_put_them(day: date, countries: list[str], name: str) -> None:
    """Black Friday was 29 November in 2024; the Buen Fin of 2025 began on 14 November."""
    assert name in {sale.name["en"] for sale in sale_days.between(day, day, countries=countries)}


def test_a_sale_of_another_country_is_left_out() -> None:
    day = date(2026, 6, 18)
    assert not sale_days.between(day, day, countries=["US"])
    assert {sale.name["zh-CN"] for sale in sale_days.between(day, day)} == {"618"}


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2, 1, 1), date(9998, 1, 1)), st.integers(0, 90))
def test_what_is_found_touches_the_days_asked_for(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    for sale in sale_days.between(first, last):
        assert sale.first <= sale.last
        assert sale.first <= last
        assert sale.last >= first
