"""What counts as an amount, an instant, or the same value."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from outreach.campaigns import values


@pytest.mark.parametrize(
    ("value", "number"), [(42, 42), ("42.00", 42), (0.1, Decimal("0.1")), (Decimal(3), 3)]
)
def test_an_amount_may_come_as_text(value, number):
    assert values.amount(value) == number


@pytest.mark.parametrize("value", [True, None, "abc", "nan", float("inf"), [1], "1,000"])
def test_what_is_no_amount_is_none(value):
    assert values.amount(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01",
        "2026-03-01T00:00:00Z",
        "2026-03-01T08:00:00+08:00",
        date(2026, 3, 1),
        datetime(2026, 3, 1, tzinfo=UTC),
    ],
)
def test_an_instant_without_offset_is_utc_and_a_date_its_first_moment(value):
    assert values.instant(value) == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2026-02-30", "soon", 5, None])
def test_what_is_no_instant_is_none(value):
    assert values.instant(value) is None


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        (42, 42.0, True),
        (42, "42", False),
        (True, 1, False),
        (True, True, True),
        ("a", "a", True),
        ([1], 1, False),
    ],
)
def test_sameness_minds_the_kind(left, right, alike):
    assert values.same(left, right) is alike
