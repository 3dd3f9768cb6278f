"""Is every sample that platforms publish read? Where the samples are not beside us, none is."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from outreach import timezones
from outreach.events.sources.catalogue import SOURCES
from outreach.events.sources.protocol import RawEvent
from outreach.signed.message import Message, Verified
from tests.builders import NOON

PAYLOADS = Path(__file__).parents[3] / "shared" / "payloads"
KINDS = {
    "17track": "17track", "aftership": "aftership", "cloudevents": "generic", "douyin": "douyin",
    "easypost": "easypost", "kdniao": "kdniao", "kuaidi100": "kuaidi100", "shopify": "shopify",
    "shippo": "shippo", "stripe": "stripe", "taobao": "taobao", "wechat": "wechat-shop",
    "woocommerce": "woocommerce", "youzan": "youzan",
}  # fmt: skip
TYPES = {
    "17track_tracking_updated_delivered": ["parcel.delivered"],
    "aftership_tracking_update_delivered": ["parcel.delivered"],
    "cloudevents_batch": [],  # of somebody's own types
    "cloudevents_structured_3": [],
    "douyin_shop_trade_success": ["order.confirmed"],
    "easypost_tracker_updated_delivered": ["parcel.delivered"],
    "kdniao_push_signed": ["parcel.delivered"],
    "kuaidi100_push_signed_locker": ["parcel.delivered"],
    "shippo_track_updated_delivered": ["parcel.delivered"],
    "shopify_fulfillment_events_create_delivered": ["parcel.delivered"],
    "shopify_orders_paid": ["order.paid"],
    "shopify_refunds_create": ["order.refunded", "refund.progressed"],
    "stripe_customer_subscription_trial_will_end": ["trial.ending"],
    "stripe_invoice_upcoming": ["contract.renewal_due"],
    "taobao_tmc_messages_consume": [],  # a change of stock
    "wechat_shop_order_confirm": ["order.confirmed"],
    "woocommerce_order_created": ["order.placed", "order.paid"],
    "youzan_trade_buyer_pay": ["order.paid"],
    "youzan_trade_success": ["order.confirmed"],
}
HEADERS = {
    "cloudevents_batch": {"content-type": "application/cloudevents-batch+json"},
    "cloudevents_structured_3": {"content-type": "application/cloudevents+json"},
    "shopify_fulfillment_events_create_delivered": {"x-shopify-topic": "fulfillment_events/create"},
    "shopify_orders_paid": {"x-shopify-topic": "orders/paid"},
    "shopify_refunds_create": {"x-shopify-topic": "refunds/create"},
    "woocommerce_order_created": {"x-wc-webhook-topic": "order.created"},
}


def message(name: str) -> Message:
    """The sample as its platform sends it: two of them send forms."""
    body = (PAYLOADS / f"{name}.json").read_bytes()
    if name.startswith("kuaidi100"):
        body = urlencode(json.loads(body)).encode()
    elif name.startswith("kdniao"):
        body = urlencode({"RequestData": body}).encode()
    return Message(body, HEADERS.get(name, {}))


def read(name: str) -> tuple[RawEvent, ...]:
    if not PAYLOADS.is_dir():
        pytest.skip("the samples are not beside this checkout")
    source, sent = SOURCES[KINDS[name.partition("_")[0]]], message(name)
    return source.read(sent.body, sent.headers, timezones.load(source.zone))


@pytest.mark.parametrize("name", TYPES)
def test_a_published_sample_is_read(name: str) -> None:
    assert [raw.type for raw in read(name)] == TYPES[name]


def test_every_sample_of_a_source_is_here() -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("the samples are not beside this checkout")
    there = {f.stem for f in PAYLOADS.glob("*.json") if f.stem.partition("_")[0] in KINDS}
    assert there == set(TYPES)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("kuaidi100_push_signed_locker", "123"),
        ("youzan_trade_buyer_pay", "test_client_id:test_client_secret"),
        ("youzan_trade_success", "test_client_id:test_client_secret"),
    ],
)
def test_a_published_signature_fits(name: str, secret: str) -> None:
    """Made by the platform's own rule and not by ours."""
    read(name)
    source = SOURCES[KINDS[name.partition("_")[0]]]
    assert source.verify(message(name), (secret,), NOON) == Verified()


@pytest.mark.parametrize(
    "name",
    [
        "easypost_tracker_updated_delivered",
        "shopify_orders_paid",
        "stripe_customer_subscription_trial_will_end",
        "stripe_invoice_upcoming",
    ],
)
def test_samples_of_test_mode_are_tests(name: str) -> None:
    assert all(raw.test for raw in read(name))


def test_local_times_are_the_sources() -> None:
    """10:34:33 in Shanghai."""
    (raw,) = read("kuaidi100_push_signed_locker")
    assert raw.at is not None
    assert raw.at.isoformat() == "2022-06-30T02:34:33+00:00"


def test_large_numbers_stay_exact() -> None:
    (raw,) = read("shopify_orders_paid")
    assert (raw.data["order"], raw.subject) == ("820982911946154500", "115310627314723950")
