"""What does a WooCommerce shop report?

The body is the order as the REST API shows it. Source: woocommerce.com, "Webhooks" and REST API v3,
"Orders". A status of `completed` is the shop's word and no delivery, so it is not read as one.
Parcels come with the plug-in Shipment Tracking, in the order's meta data.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from outreach.events.sources.fields import (
    decoded,
    decoded_text,
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
from outreach.signed.message import Message, Refused, Reply, Verified
from outreach.signed.signatures import fits, hmac_base64

_ENDS = {"cancelled": "order.cancelled", "refunded": "order.refunded"}
_PLACED = frozenset({"pending", "on-hold", "processing", "completed"})
_TRACKING = "_wc_shipment_tracking_items"


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`X-WC-Webhook-Signature`: base64(HMAC-SHA256) of the body; no instant is signed."""
    del now
    given = message.headers.get("x-wc-webhook-signature", "")
    return fits([given], secrets, lambda secret: hmac_base64(secret, message.body))


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """What the order's status says happened; each of it counts once, however often it is told."""
    topic, said = headers.get("x-wc-webhook-topic", ""), decoded(body)
    if topic in {"order.created", "order.updated", "order.restored"}:
        return tuple(_order(said, zone))
    if topic == "customer.deleted":
        ref = needed(said, "id")
        name = f"woocommerce:{ref}"
        return (RawEvent("erasure.requested", None, {"request": name}, ref),)
    return ()


def _order(order: object, zone: tzinfo) -> Iterator[RawEvent]:
    status, ref = word(order, "status"), _ref(order)
    data, person = _data(order), _person(order, ref)
    placed = first_instant(zone, *_when(order, "date_created"))
    changed = first_instant(zone, *_when(order, "date_modified"), placed.isoformat())
    if status in _PLACED:
        yield RawEvent("order.placed", placed, data, ref, person)
    paid = [at for at in _when(order, "date_paid") if at is not None]
    if paid:
        yield RawEvent("order.paid", first_instant(zone, *paid), data, ref, person)
    if status in _ENDS:
        back = money(dig(order, "total"), dig(order, "currency"), name="amount")
        extra = back if status == "refunded" else {}
        yield RawEvent(_ENDS[status], changed, data | extra, ref, person)
    yield from _parcels(order, ref, changed)


def _when(order: object, name: str) -> tuple[object, ...]:
    """`…_gmt` bears no zone and is UTC all the same; the other is the shop's local time."""
    gmt = word(order, f"{name}_gmt")
    return (f"{gmt}Z" if gmt else None, dig(order, name))


def _data(order: object) -> dict[str, object]:
    lines = rows(order, "line_items")
    return known(
        order=needed(order, "id"),
        number=word(order, "number"),
        product=next((word(line, "name") for line in lines), None),
        lines=[
            known(
                line=word(line, "id"), product=word(line, "product_id"),
                product_name=word(line, "name"), quantity=word(line, "quantity"),
                amount=word(line, "total"),
            )
            for line in lines
        ],
        **money(dig(order, "total"), dig(order, "currency")),
    )  # fmt: skip


def _ref(order: object) -> str | None:
    """The customer; a guest has number 0 and is known by the mail address."""
    customer = word(order, "customer_id")
    if customer not in {None, "0"}:
        return customer
    email = word(order, "billing", "email")
    return email.lower() if email else None


def _person(order: object, ref: str | None) -> dict[str, object] | None:
    if ref is None:
        return None
    billing = dig(order, "billing")
    names = [word(billing, "first_name"), word(billing, "last_name")]
    return known(
        ref=ref,
        name=" ".join(name for name in names if name),
        email=word(billing, "email"),
        phone=word(billing, "phone"),
        country=word(billing, "country"),
        postcode=word(billing, "postcode"),
    )


def _parcels(order: object, ref: str | None, at: datetime) -> Iterator[RawEvent]:
    for meta in rows(order, "meta_data"):
        if word(meta, "key") != _TRACKING:
            continue
        for one in rows({"items": decoded_text(dig(meta, "value"))}, "items"):
            if number := word(one, "tracking_number"):
                carrier = word(one, "tracking_provider") or word(one, "custom_tracking_provider")
                data = known(parcel=parcel(number), order=needed(order, "id"), carrier=carrier)
                yield RawEvent("parcel.shipped", at, data, ref)


def greeted(message: Message, secrets: tuple[str, ...]) -> Reply | None:
    """A new webhook sends `webhook_id=7` without signature, and wants to hear that all is well."""
    del secrets
    name, _, number = message.body.partition(b"=")
    return Reply() if name == b"webhook_id" and number.isdigit() else None


SOURCE = Source(
    "woocommerce",
    verify,
    read,
    meaning=("x-wc-webhook-topic",),
    sign_with="the webhook's secret, as its settings show it",
    greeted=greeted,
)
