"""Is what a message costs read exactly, and worked out only where nobody told it?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.channels import charges
from outreach.channels.accounts import read
from outreach.channels.charges import Charge
from outreach.errors import Misconfigured

ONE = Charge(1, Decimal("0.045"), "CNY")
JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


@given(JSON, JSON, JSON)
def test_whatever_a_provider_sends_is_a_charge_or_none(
    parts: object, amount: object, currency: object
) -> None:
    """And never an amount without a currency, a negative one, or one that no column holds."""
    told = charges.told(parts=parts, amount=amount, currency=currency)
    if told is not None and told.amount is not None:
        assert 0 <= told.amount < 10**6
        assert len(told.currency) == 3
    assert told is None or told.parts is None or 0 < told.parts <= 1000


@pytest.mark.parametrize("parts", ["10000", "0", "-1", "1.5", "²", True, 1001, 2.0, None, {}])
def test_what_is_no_number_of_parts_is_none(parts: object) -> None:
    assert charges.told(parts=parts) is None


def test_an_amount_that_was_told_stands() -> None:
    told = Charge(3, Decimal("0.01"), "USD")
    assert charges.worked_out(told, ONE, "part") == told


@pytest.mark.parametrize(
    ("told", "counted", "amount"),
    [
        (Charge(3), "part", "0.135"),
        (None, "part", None),  # how many parts it was will come with the receipt
        (None, "message", "0.045"),
        (Charge(3), "message", "0.045"),
        (Charge(3), "nothing", None),
    ],
)
def test_what_was_not_told_is_worked_out_from_the_price(
    told: Charge | None, counted: charges.Counted, amount: str | None
) -> None:
    found = charges.worked_out(told, ONE, counted)
    cost = found.amount if found else None
    assert cost == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    "price", ["0.045", "CNY", "0,045CNY", "-1CNY", "1cny", "1e3CNY", "12345CNY"]
)
def test_a_price_that_is_none_is_refused_when_the_account_is_read(price: str) -> None:
    with pytest.raises(Misconfigured, match=r"0\.045CNY"):
        read(f"twilio://SID:token@?price={price}")
