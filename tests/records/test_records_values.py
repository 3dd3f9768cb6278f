"""What is read out of the fields of an event, and what is left alone?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.records import quality, values
from outreach.records.values import Data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"total": "199.00", "currency": "CNY"}, 19900),
        ({"total": 199, "currency": "cny"}, 19900),
        ({"total": 0.29, "currency": "USD"}, 29),
        ({"total": "500", "currency": "JPY"}, 500),
        ({"total": "1.234", "currency": "KWD"}, 1234),
        ({"total_minor": 42}, 42),
        ({"total": "-5", "currency": "EUR"}, -500),
        pytest.param({"total": "199.001", "currency": "CNY"}, None, id="nothing is rounded"),
        pytest.param({"total": "0.5", "currency": "JPY"}, None, id="no half yen"),
        pytest.param({"total": "199"}, None, id="of which currency"),
        pytest.param({"total": "USD 42.50", "currency": "USD"}, None, id="a text"),
        pytest.param({"total": True, "currency": "USD"}, None, id="a truth"),
        pytest.param({"total": "NaN", "currency": "USD"}, None, id="no number"),
        pytest.param({"total": "1e30", "currency": "USD"}, None, id="beyond all money"),
        pytest.param({"total": "1e-999999", "currency": "USD"}, None, id="beneath all money"),
        pytest.param({"total": "1e999999999", "currency": "USD"}, None, id="no end of noughts"),
        pytest.param({"total_minor": 2**63}, None, id="more than a row holds"),
    ],
)
def test_money_is_exact_or_not_taken(data: Data, expected: int | None) -> None:
    assert values.minor(data, "total") == expected


@given(minor=st.integers(-(10**15), 10**15), unit=st.sampled_from(["CNY", "JPY", "KWD", "CLF"]))
def test_money_written_in_major_units_comes_back(minor: int, unit: str) -> None:
    """As a text of any currency's digits."""
    digits = {"CNY": 2, "JPY": 0, "KWD": 3, "CLF": 4}[unit]
    written = f"{Decimal(minor).scaleb(-digits):f}"
    assert values.minor({"total": written, "currency": unit}, "total") == minor


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"quality": "person"}, "handed_over"),
        ({"quality": "locker"}, "locker"),
        ({"status": "本人签收"}, "handed_over"),
        ({"status": "您的快件已由丰巢智能柜代收"}, "locker"),
        ({"status": "已送达菜鸟驿站"}, "locker"),
        ({"signed_by": "门卫"}, "gatekeeper"),
        ({"signed_by": "前台 王"}, "gatekeeper"),
        ({"status": "304"}, "locker"),
        ({"status": "301"}, "handed_over"),
        ({"signed_by": "RECEPTION"}, "gatekeeper"),
        ({"signed_by": "Ada Example"}, "unknown"),
        ({"signed_by": "Ada Example", "status": "left in a parcel locker"}, "locker"),
        pytest.param({"status": "非本人签收"}, "unknown", id="not in person"),
        pytest.param({"status": "保安放入快递柜"}, "locker", id="where it lies in the end"),
        pytest.param({}, None, id="silence overrides nothing"),
    ],
)
def test_into_whose_hands_a_parcel_came(data: Data, expected: str | None) -> None:
    assert quality.quality_of(data) == expected


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists
    )
)
def test_nothing_that_json_may_hold_breaks_the_reading(value: object) -> None:
    """Any value in any field."""
    data = dict.fromkeys(("a", "a_minor", "currency", "quality", "status"), value) | {"a": value}
    for read in (values.text, values.count, values.day, values.minor):
        read(data, "a")
    values.minor(data | {"currency": "USD"}, "a")
    quality.quality_of(data)


@pytest.mark.parametrize("said", ["2026-02-30", "soon", "20261231", "", "2026-13-01"])
def test_a_date_is_a_date_or_nothing(said: str) -> None:
    read = values.day({"ends_on": said}, "ends_on")
    assert read in {None, "2026-12-31"}


def test_a_name_too_long_for_an_index_is_left_out() -> None:
    assert values.text({"order": "x" * 513}, "order") is None
