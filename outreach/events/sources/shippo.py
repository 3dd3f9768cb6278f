"""What does Shippo report of a parcel?

Source: docs.goshippo.com, "Webhooks", "Webhook security" and "Tracking". Pushes are signed
only where Shippo's account manager has set that up; without it no push is taken.
"""

from collections.abc import Mapping
from datetime import tzinfo

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
from outreach.signed.signatures import stamped

_STATES = {
    "TRANSIT": "parcel.in_transit",
    "DELIVERED": "parcel.delivered",
    "RETURNED": "parcel.returned",
    "FAILURE": "parcel.exception",
}

# `Shippo-Auth-Signature: t=…,v1=…`
verify = stamped("shippo-auth-signature")


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """The parcel's state of now; what is a `test` there is one here."""
    del headers
    said = decoded(body)
    tracked = dig(said, "data")
    status = word(tracked, "tracking_status", "status") or ""
    if word(said, "event") != "track_updated" or status not in _STATES:
        return ()
    at = first_instant(zone, dig(tracked, "tracking_status", "status_date"))
    data = known(
        parcel=parcel(needed(tracked, "tracking_number")), carrier=word(tracked, "carrier"),
        status=status.lower(),
    )  # fmt: skip
    return (RawEvent(_STATES[status], at, data, test=dig(said, "test") is True),)


SOURCE = Source("shippo", verify, read, sign_with="the webhook secret that Shippo has set up")
