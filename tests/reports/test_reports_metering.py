"""Does an invoice count what providers and agents count?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.reports import metering
from outreach.reports.metering import Used
from outreach.templates import segments
from tests import builders as b

A_DAY = {"since": b.NOON, "until": b.NOON + timedelta(days=1)}

_TOLD = text("""
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select brand_id, id, 3, 13.5, 'EUR', :at from outreach.touches
""")


def test_messages_are_counted_as_providers_count_them(app: Outreach, clock: SteppedClock) -> None:
    """A long text is two parts, at a price for each; another brand sees nothing of it."""
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    b.a_text(app, brand, "long", "Your lamp has come. " * 12)
    b.a_live_campaign(app, brand, steps=[b.a_step(channels=["sms"], template="long")])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, "ada")))
    clock.step_to(b.NOON + timedelta(hours=4))  # when texts may be sent in New York
    b.everything_due(app)
    with app.means.database.reading(brand) as tx:
        found = metering.used(tx, **A_DAY, prices={"sms": Decimal("0.045")})
        kept = tx.execute(text("select channel, parts from outreach.attempts")).all()
    with app.means.database.reading(other) as tx:
        assert metering.used(tx, **A_DAY, prices={}) == []
    with app.means.database.begin(brand) as tx:
        tx.execute(_TOLD, {"at": clock()})
        (told,) = metering.used(tx, **A_DAY, prices={})
    (sms,) = found
    assert (told.messages, told.charged, told.currency) == (3, Decimal("13.5"), "EUR")
    assert [tuple(row) for row in kept] == [("sms", 2)]
    assert (sms.contacts, sms.messages, sms.cost) == (1, 2, Decimal("0.0900"))


@pytest.mark.parametrize(
    ("used", "cost"),
    [
        (Used("a", "voice", 2, 2, Decimal("3.50"), price=Decimal("0.6")), Decimal("2.1000")),
        (Used("a", "sms", 2, 5, Decimal(0), price=Decimal("0.045")), Decimal("0.2250")),
        (Used("a", "email", 2, 2, Decimal(0)), None),
    ],
)
def test_calls_cost_by_the_minute_and_messages_by_the_part(
    used: Used, cost: Decimal | None
) -> None:
    assert used.cost == cost
    assert used.row()["cost"] == cost


def test_chinese_carriers_count_seventy_signs_whatever_the_alphabet() -> None:
    assert segments.charged("a" * 100, to="+8613800001234") == 2
    assert segments.charged("a" * 100, to="+12125550101") == 1
