"""What does AfterShip Tracking report of a parcel?

Source: www.aftership.com/docs/tracking, "Webhook" and "Delivery statuses". The event is always
`tracking_update`; the state stands in `msg.tag`. Local times bear no zone.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from outreach.events.sources.fields import (
    decoded,
    dig,
    first_instant,
    known,
    needed,
    parcel,
    rows,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Verified
from outreach.signed.signatures import fits, hmac_base64

_TAGS = {
    "InTransit": "parcel.in_transit",
    "OutForDelivery": "parcel.in_transit",
    "AvailableForPickup": "parcel.in_transit",
    "AttemptFail": "parcel.exception",
    "Exception": "parcel.exception",
    "Delivered": "parcel.delivered",
}
_RETURNED = "Exception_011"
# Fetched by the customer, and signed for by the customer.
_IN_HAND = frozenset({"Delivered_002", "Delivered_003"})


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`aftership-hmac-sha256`: base64(HMAC-SHA256) of the body; `ts` is not signed."""
    del now
    given = message.headers.get("aftership-hmac-sha256", "")
    return fits([given], secrets, lambda secret: hmac_base64(secret, message.body))


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The parcel's state of now."""
    del headers
    said = decoded(body)
    tag, subtag = word(said, "msg", "tag") or "", word(said, "msg", "subtag")
    kind = "parcel.returned" if subtag == _RETURNED else _TAGS.get(tag)
    if word(said, "event") != "tracking_update" or kind is None:
        return ()
    message = dig(said, "msg")
    reached = [c for c in rows(message, "checkpoints") if word(c, "tag") == tag]
    last = reached[-1] if reached else {}
    at = first_instant(zone, dig(last, "checkpoint_time"), dig(said, "ts"))
    data = known(
        parcel=parcel(needed(message, "tracking_number")), carrier=word(message, "slug"),
        order=word(message, "order_id"), status=subtag or tag,
        quality="handed_over" if subtag in _IN_HAND else None,
        signed_by=word(message, "signed_by") if kind == "parcel.delivered" else None,
    )  # fmt: skip
    return (RawEvent(kind, at, data),)


SOURCE = Source("aftership", verify, read, sign_with="the webhook secret of the settings")
