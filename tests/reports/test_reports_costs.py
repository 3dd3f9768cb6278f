"""Is it said what a contact cost, and each thing that came of contacts?"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.bilingual import Language
from outreach.clock import SteppedClock
from outreach.reports import client, costs
from outreach.reports.client import Month
from outreach.reports.costs import Cost
from outreach.reports.metering import Used
from outreach.reports.period import Period
from tests import builders as b

_CHARGED = text("""
    insert into outreach.costs (brand_id, touch_id, parts, minor, currency, at)
    select brand_id, id, 1, 7.5, 'USD', :at from outreach.touches
""")


def test_a_contact_and_what_came_of_it_have_a_price(app: Outreach, clock: SteppedClock) -> None:
    """Three mails; one wrote a review in time, one too late, and one before; a brand sees its own.

    A second review of the same person is one outcome.
    """
    brand, other = b.a_brand(app), b.a_brand(app, "other")
    b.a_live_campaign(app, brand)
    ada, bo, cy = (b.a_person(app, brand, ref) for ref in ("ada", "bo", "cy"))
    b.accepted(app, brand, b.an_event(app, brand, cy, "review.written", order="O-0"))
    clock.step_to(b.NOON + timedelta(minutes=1))
    told = [b.an_event(app, brand, p, parcel=p.ref, order=p.ref) for p in (ada, bo, cy)]
    b.accepted(app, brand, *told)
    b.everything_due(app)
    for days, person, order in ((29, ada, "O-1"), (30, ada, "O-2"), (31, bo, "O-3")):
        clock.step_to(b.NOON + timedelta(days=days))
        b.accepted(app, brand, b.an_event(app, brand, person, "review.written", order=order))
    span = {"since": b.NOON, "until": b.NOON + timedelta(days=1)}
    with app.means.database.begin(brand) as tx:
        assert costs.of(tx, **span) == []
        tx.execute(_CHARGED, {"at": clock()})
        contact, review = costs.of(tx, **span)
    with app.means.database.reading(other) as tx:
        assert costs.of(tx, **span) == []
    assert contact == Cost("reminder", "contact", 3, Decimal("0.225"), "USD")
    assert review == Cost("reminder", "review.written", 1, Decimal("0.225"), "USD")
    assert (contact.each, review.row()["each"]) == (Decimal("0.0750"), Decimal("0.2250"))


def _used(campaign: str, contacts: int, charged: int | None, currency: str | None) -> Used:
    minor = None if charged is None else Decimal(charged)
    return Used(campaign, "sms", contacts, contacts, Decimal(0), minor, currency)


_LINES = st.builds(
    _used,
    st.sampled_from("ab"),
    st.integers(1, 50),
    st.none() | st.integers(0, 9999),
    st.sampled_from(["USD", "JPY", None]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_LINES, max_size=6))
def test_nothing_charged_is_lost_or_converted(used: list[Used]) -> None:
    """Of each currency as much is told as was charged, whatever the campaigns and channels."""
    found = list(costs.shared_out(used, {"a": {"order.paid": 2}}))
    for currency, scale in (("USD", 100), ("JPY", 1)):
        told = sum(c.amount for c in found if (c.per, c.currency) == (costs.CONTACT, currency))
        charged = sum(u.charged for u in used if u.charged is not None and u.currency == currency)
        assert told * scale == charged
    assert {one.campaign for one in found if one.per == "order.paid"} <= {"a"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["For each", "renewal", "0.0750 USD"]), ("zh-CN", ["费用", "续约", "0.0750 USD"])],
)
def test_the_page_says_what_was_charged_and_for_what(language: Language, said: list[str]) -> None:
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    nothing = Period(since, until, (), (), (), 0, 0)
    cost = Cost("<i>", "contract.renewed", 3, Decimal("0.225"), "USD")
    page = client.page(Month("Lumen", "2026-03", nothing, (), (cost,)), language)
    for part in said:
        assert part in page
    assert "<i>" not in page
    assert client.words(language)["costs"] not in client.page(
        Month("Lumen", "2026-03", nothing, ()), language
    )


def test_every_outcome_has_a_word() -> None:
    for language in ("en", "zh-CN"):
        assert {costs.CONTACT, *costs.OUTCOMES} <= client.words(language).keys()
