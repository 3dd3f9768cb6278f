"""What does EasyPost report of a parcel?

Source: docs.easypost.com, "Webhooks" and "Trackers".
"""

import unicodedata
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
from outreach.signed.signatures import fits, hmac_hex

_STATES = {
    "in_transit": "parcel.in_transit",
    "out_for_delivery": "parcel.in_transit",
    "available_for_pickup": "parcel.in_transit",
    "delivered": "parcel.delivered",
    "return_to_sender": "parcel.returned",
    "failure": "parcel.exception",
    "error": "parcel.exception",
}


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`X-Hmac-Signature: hmac-sha256-hex=…` of the body; the secret is normalised to NFKD first."""
    del now
    given = message.headers.get("x-hmac-signature", "").removeprefix("hmac-sha256-hex=")

    def made(secret: str) -> str:
        return hmac_hex(unicodedata.normalize("NFKD", secret), message.body)

    return fits([given], secrets, made)


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The tracker's state of now; what is a `test` there is one here."""
    del headers
    said = decoded(body)
    tracker, status = dig(said, "result"), word(said, "result", "status") or ""
    followed = word(said, "description") in {"tracker.created", "tracker.updated"}
    if not followed or status not in _STATES:
        return ()
    kind = _STATES[status]
    reached = [d for d in rows(tracker, "tracking_details") if word(d, "status") == status]
    last = reached[-1] if reached else {}
    at = first_instant(zone, dig(last, "datetime"), dig(tracker, "updated_at"))
    data = known(
        parcel=parcel(needed(tracker, "tracking_code")), carrier=word(tracker, "carrier"),
        status=status,
        signed_by=word(tracker, "signed_by") if kind == "parcel.delivered" else None,
    )  # fmt: skip
    return (RawEvent(kind, at, data, test=_is_test(said)),)


def _is_test(said: object) -> bool:
    return "test" in {word(said, "mode"), word(said, "result", "mode")}


SOURCE = Source("easypost", verify, read, sign_with="the webhook secret that was set with it")
