"""What do messages become once they are taken in?"""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from optout.model import Action, Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.events.sources.judging import message_id
from outreach.inbound import inbox, requests
from outreach.people import store as people
from outreach.retention import sweep
from outreach.retention.sweep import Asked
from outreach.signed.message import Message
from tests import builders as b
from tests.sources.messages import AT, BY_KIND

_EVENTS = text("select type, key, state::text from outreach.events order by key")
_STATES = text("select state, why from outreach.inbox order by received_at, id")


def heard(
    app: Outreach, brand: BrandRef, kind: str, message: Message, *, test: bool = False
) -> None:
    """Keep a message of a source of this kind, as the door does."""
    with app.means.database.begin(brand) as tx:
        if kind not in {known.key for known in store.every(tx, brand).values()}:
            store.add(
                tx,
                brand,
                key=kind,
                kind=kind,
                secret="x",
                zone="Asia/Shanghai",
                test=False,
                sealing=app.sealing,
            )
        source = store.by_key(tx, brand, kind, sealing=app.sealing)
        id_, now = message_id(source, message), app.means.clock()
        store.keep(tx, brand, [store.Arrived(id_, source, message, test)], now=now)


def taken_in(app: Outreach, brand: BrandRef) -> list[tuple[str, str]]:
    """Take in what waits; answers type and state of every event of the brand."""
    with app.means.database.begin(brand) as tx:
        inbox.take_in(tx, app.means, brand, now=app.means.clock())
        return [(row.key, row.state) for row in tx.execute(_EVENTS)]


def shopify(topic: str, told: dict[str, object]) -> Message:
    return Message(json.dumps(told).encode(), {"x-shopify-topic": topic})


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


FULFILMENT = {
    "id": 9, "order_id": 1, "created_at": AT, "updated_at": AT,
    "tracking_numbers": ["sf 1001", "SF1002"], "tracking_company": "SF",
}  # fmt: skip
STEP = {"fulfillment_id": 9, "order_id": 1, "status": "delivered", "happened_at": AT}


def test_shop_and_carrier_report_one_signature(app: Outreach, brand: BrandRef) -> None:
    """The shop names its fulfilment and the carrier its number: it is one fact all the same."""
    heard(app, brand, "shopify", shopify("fulfillments/create", FULFILMENT))
    heard(app, brand, "shopify", shopify("fulfillment_events/create", STEP))
    heard(app, brand, "aftership", BY_KIND["aftership"].message())
    delivered = [key for key, _ in taken_in(app, brand) if key.startswith("parcel.delivered")]
    assert delivered == ["parcel.delivered:SF1001"]


def test_a_delivery_waits_for_the_number_of_its_parcel(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """The shop's messages come in any order."""
    heard(app, brand, "shopify", shopify("fulfillment_events/create", STEP))
    assert taken_in(app, brand) == []
    heard(app, brand, "shopify", shopify("fulfillments/create", FULFILMENT))
    clock.step_to(b.NOON + timedelta(minutes=2))
    assert "parcel.delivered:SF1001" in dict(taken_in(app, brand))


def test_a_parcel_that_is_never_numbered_keeps_the_shops_name(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    heard(app, brand, "shopify", shopify("fulfillment_events/create", STEP))
    clock.step_to(b.NOON + inbox.PATIENCE)
    assert [key for key, _ in taken_in(app, brand)] == ["parcel.delivered:shopify:9"]


def test_an_order_brings_its_person_in(app: Outreach, brand: BrandRef) -> None:
    """Pasting a secret is enough: who bought something can be written to about it."""
    heard(app, brand, "woocommerce", BY_KIND["woocommerce"].message())
    assert dict(taken_in(app, brand))["order.paid:727"] == "pending"
    with app.means.database.begin(brand) as tx:
        row = tx.execute(text("select ref from outreach.persons")).one()
    assert row.ref == "7"


def test_whom_the_brand_knows_stays_as_known(app: Outreach, brand: BrandRef) -> None:
    b.a_person(app, brand, "7", name="Grace Example")
    heard(app, brand, "woocommerce", BY_KIND["woocommerce"].message())
    taken_in(app, brand)
    with app.means.database.begin(brand) as tx:
        found = people.by_id(tx, tx.execute(text("select id from outreach.persons")).scalars())
    assert [person.name for person in found.values()] == ["Grace Example"]


def test_a_telephone_number_that_is_none_keeps_nobody_out(app: Outreach, brand: BrandRef) -> None:
    told = json.loads(BY_KIND["woocommerce"].body)
    told["billing"]["phone"] = "555-555-SHOP"
    message = Message(json.dumps(told).encode(), {"x-wc-webhook-topic": "order.created"})
    heard(app, brand, "woocommerce", message)
    taken_in(app, brand)
    with app.means.database.begin(brand) as tx:
        kinds = tx.execute(text("select kind from outreach.addresses")).scalars().all()
    assert kinds == ["email"]


def test_a_test_becomes_no_event(app: Outreach, brand: BrandRef) -> None:
    heard(app, brand, "woocommerce", BY_KIND["woocommerce"].message(), test=True)
    assert taken_in(app, brand) == []


def test_what_can_no_longer_be_read_says_why_and_holds_up_nothing(
    app: Outreach, brand: BrandRef
) -> None:
    heard(app, brand, "shopify", Message(b"{", {"x-shopify-topic": "orders/paid"}))
    heard(app, brand, "aftership", BY_KIND["aftership"].message())
    assert [key for key, _ in taken_in(app, brand)] == ["parcel.delivered:SF1001"]
    with app.means.database.begin(brand) as tx:
        states = {row.state: row.why for row in tx.execute(_STATES)}
    assert states["failed"].startswith("the body is not JSON")


def test_messages_go_after_thirty_days_and_facts_stay(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    heard(app, brand, "aftership", BY_KIND["aftership"].message())
    assert len(taken_in(app, brand)) == 1
    clock.step_to(b.NOON + timedelta(days=31))
    sweep.sweep(app.means.database, brand, Asked(clock(), timedelta(days=1827)))
    with app.means.database.begin(brand) as tx:
        assert tx.execute(_STATES).all() == []


def _consent(state: str) -> Message:
    told = {
        "customer_id": 7,
        "email_marketing_consent": {
            "state": state, "opt_in_level": "confirmed_opt_in", "consent_updated_at": AT,
        },
    }  # fmt: skip
    return shopify("customers_email_marketing_consent/update", told)


def test_a_refusal_at_the_shop_is_one_here(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand, "7")
    heard(app, brand, "shopify", _consent("unsubscribed"))
    taken_in(app, brand)
    assert requests.carry_out(app.means, brand) == 1
    assert _said(app, brand, person.addresses[0].identity) == [
        (Action.WITHDRAW, Channel.EMAIL, None)
    ]


def test_a_permission_from_before_a_refusal_is_not_given(app: Outreach, brand: BrandRef) -> None:
    """The shop's message was late: the person has said no since."""
    person = b.a_person(app, brand, "7")
    identity = person.addresses[0].identity
    with app.means.database.begin(brand) as tx:
        app.means.registry.withdraw(
            tx, brand=brand.key, identity=identity, channel=Channel.EMAIL, purpose=None,
            how="link", evidence="t", effective_at=app.means.clock(),
        )  # fmt: skip
    heard(app, brand, "shopify", _consent("subscribed"))
    taken_in(app, brand)
    requests.carry_out(app.means, brand)
    assert [action for action, _, _ in _said(app, brand, identity)] == [Action.WITHDRAW]


def test_a_permission_keeps_what_it_was_like(app: Outreach, brand: BrandRef) -> None:
    person = b.a_person(app, brand, "7")
    heard(app, brand, "shopify", _consent("subscribed"))
    taken_in(app, brand)
    requests.carry_out(app.means, brand)
    ((action, _, kinds),) = _said(app, brand, person.addresses[0].identity)
    assert action is Action.GRANT
    assert "double_opt_in_if_consent" in kinds


def test_whoever_asks_a_shop_to_be_forgotten_is(app: Outreach, brand: BrandRef) -> None:
    """With the messages that spoke of them."""
    b.a_person(app, brand, "115310627314723954")
    heard(app, brand, "shopify", BY_KIND["shopify"].message())
    told = {"customer": {"id": 115310627314723954}}
    heard(app, brand, "shopify", shopify("customers/redact", told))
    taken_in(app, brand)
    requests.carry_out(app.means, brand)
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select count(*) from outreach.addresses")).scalar_one() == 0
        assert tx.execute(_STATES).all() == []


def _said(
    app: Outreach, brand: BrandRef, identity: object
) -> list[tuple[Action, Channel | None, tuple[str, ...] | None]]:
    with app.means.database.begin(brand) as tx:
        history = app.means.registry.history(tx, brand.key, identity)
    return [(entry.action, entry.channel, entry.kinds) for entry in history]
