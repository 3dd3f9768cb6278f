"""What does 17TRACK report of a parcel?

Source: api.17track.net, "Tracking API v2.2", push notifications. The signature is a plain hash, so
the secret address has to help.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from hashlib import sha256

from outreach.events.sources.fields import (
    decoded,
    dig,
    first_instant,
    known,
    needed,
    parcel,
    word,
)
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Verified
from outreach.signed.signatures import fits

_STATES = {
    "InTransit": "parcel.in_transit",
    "OutForDelivery": "parcel.in_transit",
    "AvailableForPickup": "parcel.in_transit",
    "DeliveryFailure": "parcel.exception",
    "Exception": "parcel.exception",
    "Delivered": "parcel.delivered",
}
_RETURNED = "Exception_Returned"


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`sign`: hex(SHA256(body + `/` + key))."""
    del now
    given = message.headers.get("sign", "").lower()
    return fits(
        [given], secrets, lambda key: sha256(message.body + b"/" + key.encode()).hexdigest()
    )


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The parcel's state of now; that tracking stopped is no state."""
    del headers
    said = decoded(body)
    track = dig(said, "data", "track_info")
    status, detail = (word(track, "latest_status", name) for name in ("status", "sub_status"))
    kind = "parcel.returned" if detail == _RETURNED else _STATES.get(status or "")
    if word(said, "event") != "TRACKING_UPDATED" or kind is None:
        return ()
    last = dig(track, "latest_event")
    at = first_instant(zone, dig(last, "time_utc"), dig(last, "time_iso"))
    data = known(
        parcel=parcel(needed(said, "data", "number")), carrier=word(said, "data", "carrier"),
        status=detail or status,
        signed_by=word(last, "description") if kind == "parcel.delivered" else None,
    )  # fmt: skip
    return (RawEvent(kind, at, data),)


SOURCE = Source("17track", verify, read, sign_with="the API key of the account")
