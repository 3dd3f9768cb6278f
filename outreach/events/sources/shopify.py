"""What does a Shopify shop report?

Source: shopify.dev, "Verify webhook deliveries" and the webhook reference 2026-07. There is no
topic for a delivery: `fulfillment_events/create` tells it by the fulfilment, whose tracking numbers
`fulfillments/create` has told. `buyer_accepts_marketing` of an order is no consent and is not read.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo

from outreach.events.sources.fields import (
    Fields,
    added,
    decoded,
    dig,
    first_instant,
    known,
    money,
    needed,
    parcel,
    rows,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Verified
from outreach.signed.signatures import fits, hmac_base64

_ORDERS = {
    "orders/create": ("order.placed", "created_at"),
    "orders/paid": ("order.paid", "processed_at"),
    "orders/cancelled": ("order.cancelled", "cancelled_at"),
}
_MOVES = {
    "delivered": "parcel.delivered",
    "in_transit": "parcel.in_transit",
    "out_for_delivery": "parcel.in_transit",
    "ready_for_pickup": "parcel.in_transit",
    "delayed": "parcel.exception",
    "attempted_delivery": "parcel.exception",
    "failure": "parcel.exception",
}
_KINDS = {
    "single_opt_in": ["explicit"],
    "confirmed_opt_in": ["explicit", "double_opt_in_if_consent"],
}
_CHANGES = {"subscribed": "grant", "unsubscribed": "withdraw", "redacted": "withdraw"}


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`X-Shopify-Hmac-Sha256`: base64(HMAC-SHA256) of the body; no instant is signed."""
    del now
    given = message.headers.get("x-shopify-hmac-sha256", "")
    return fits([given], secrets, lambda secret: hmac_base64(secret, message.body))


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The facts of one topic; an unknown topic reports none."""
    topic, said = headers.get("x-shopify-topic", ""), decoded(body)
    if topic in _ORDERS and isinstance(said, dict):
        return (_order(said, zone, *_ORDERS[topic]),)
    made = _READ.get(topic)
    return tuple(made(said, zone)) if made and isinstance(said, dict) else ()


def _order(order: Fields, zone: tzinfo, kind: str, when: str) -> RawEvent:
    amount = dig(order, "total_price")
    data = known(
        order=needed(order, "id"),
        number=word(order, "name"),
        product=_first_product(order),
        lines=[_line(line) for line in rows(order, "line_items")],
        **money(amount, dig(order, "currency")),
    )
    at = first_instant(zone, *(dig(order, name) for name in (when, "updated_at", "created_at")))
    test = dig(order, "test") is True
    return RawEvent(kind, at, data, word(order, "customer", "id"), _person(order), test=test)


def _first_product(order: Fields) -> str | None:
    return next((word(line, "title") for line in rows(order, "line_items")), None)


def _line(line: Fields) -> dict[str, object]:
    return known(
        line=word(line, "id"), product=word(line, "product_id") or word(line, "title"),
        product_name=word(line, "title"), quantity=word(line, "quantity"),
        amount=word(line, "price"),
    )  # fmt: skip


def _person(order: Fields) -> dict[str, object] | None:
    """The buyer; a telephone number may stand on the order, the customer or either address."""
    customer, home = dig(order, "customer"), dig(order, "shipping_address")
    ref = word(customer, "id")
    if ref is None:
        return None
    phones = [word(at, "phone") for at in (order, customer, home, dig(order, "billing_address"))]
    names = [word(customer, "first_name"), word(customer, "last_name")]
    return known(
        ref=ref,
        name=" ".join(name for name in names if name),
        email=word(order, "email") or word(customer, "email"),
        phone=next((phone for phone in phones if phone), None),
        locale=word(order, "customer_locale"),
        country=word(home, "country_code"),
        subdivision=_subdivision(home),
        postcode=word(home, "zip"),
    )


def _subdivision(home: object) -> str | None:
    country, province = word(home, "country_code"), word(home, "province_code")
    return f"{country}-{province}" if country and province else None


def _fulfilment(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    """One parcel for each tracking number; the first is the one that Shopify follows."""
    name, status = f"shopify:{needed(said, 'id')}", word(said, "shipment_status") or ""
    listed = dig(said, "tracking_numbers")
    given = listed if isinstance(listed, list) else []
    numbers = [parcel(n) for one in [*given, dig(said, "tracking_number")] if (n := word(one))]
    begun = first_instant(zone, dig(said, "created_at"))
    changed = first_instant(zone, dig(said, "updated_at"), dig(said, "created_at"))
    for place, number in enumerate(dict.fromkeys(numbers) or [name]):
        data = known(
            parcel=number, order=word(said, "order_id"), carrier=word(said, "tracking_company")
        )
        names = {name: number} if number != name and not place else {}
        yield RawEvent("parcel.shipped", begun, data, parcel_names=names)
        if status in _MOVES and not place:
            yield RawEvent(_MOVES[status], changed, data | {"status": status})


def _step(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    """A carrier's word as Shopify passes it on: of a fulfilment, not of a number."""
    status = word(said, "status") or ""
    if status not in _MOVES:
        return
    name = f"shopify:{needed(said, 'fulfillment_id')}"
    at = first_instant(zone, dig(said, "happened_at"), dig(said, "created_at"))
    data = known(parcel=name, order=word(said, "order_id"), status=status)
    yield RawEvent(_MOVES[status], at, data, parcel_name=name)


def _refund(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    """Money went back, for some lines or all: either way nobody asks for a review now."""
    paid_back = [one for one in rows(said, "transactions") if dig(one, "kind") == "refund"]
    currency = next((word(one, "currency") for one in paid_back), None)
    total = added(*(dig(one, "amount") for one in paid_back))
    lines = [known(line=word(one, "line_item_id")) for one in rows(said, "refund_line_items")]
    data = known(
        order=needed(said, "order_id"), refund=needed(said, "id"), status="paid_back",
        lines=lines, partial=bool(lines), **money(total, currency, name="amount"),
    )  # fmt: skip
    at = first_instant(zone, dig(said, "processed_at"), dig(said, "created_at"))
    yield RawEvent("order.refunded", at, data)
    yield RawEvent("refund.progressed", at, data)


def _erasure(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    yield _request("erasure.requested", said, zone)


def _export(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
    yield _request("data.requested", said, zone)


def _request(kind: str, said: Fields, zone: tzinfo) -> RawEvent:
    """Mandatory for listed apps, to be answered within 30 days; the message bears no instant."""
    del zone
    ref = needed(said, "customer", "id")
    name = word(said, "data_request", "id") or f"shopify:{kind}:{ref}"
    return RawEvent(kind, None, {"request": name}, ref)


def _consent(channel: str, inner: str) -> Callable[[Fields, tzinfo], Iterator[RawEvent]]:
    def changed(said: Fields, zone: tzinfo) -> Iterator[RawEvent]:
        state = dig(said, inner) if dig(said, inner) is not None else said
        action = _CHANGES.get((word(state, "state") or "").lower())
        if action is None:
            return
        ref = needed(said, "customer_id") if word(said, "customer_id") else needed(said, "id")
        at = first_instant(zone, dig(state, "consent_updated_at"), dig(said, "updated_at"))
        level = (word(state, "opt_in_level") or "").lower()
        data = known(
            change=f"shopify:{ref}:{channel}:{at.isoformat()}", channel=channel, action=action,
            purpose="marketing", kinds=_KINDS.get(level) if action == "grant" else None,
        )  # fmt: skip
        yield RawEvent("consent.changed", at, data, ref)

    return changed


_READ: Mapping[str, Callable[[Fields, tzinfo], Iterator[RawEvent]]] = {
    "fulfillments/create": _fulfilment,
    "fulfillments/update": _fulfilment,
    "fulfillment_events/create": _step,
    "refunds/create": _refund,
    "customers/redact": _erasure,
    "customers/data_request": _export,
    "customers_email_marketing_consent/update": _consent("email", "email_marketing_consent"),
    "customers_marketing_consent/update": _consent("sms", "sms_marketing_consent"),
}

SOURCE = Source(
    "shopify", verify, read, meaning=("x-shopify-topic",), sign_with="the app's client secret"
)
