"""What does a review platform report? A review that somebody has written.

`{"order": "…", "at": "…", "customer": "…", "rating": 5, "scale": 5, "product": "…"}`, signed as
Standard Webhooks, or a list of those. What was written is not taken along.
"""

from collections.abc import Mapping
from datetime import tzinfo

from outreach.events.sources.fields import decoded, dig, first_instant, known, needed, word
from outreach.events.sources.generic import thanks
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.signatures import standard


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """Each review, named by its order."""
    del headers
    said = decoded(body)
    return tuple(_review(one, zone) for one in (said if isinstance(said, list) else [said]))


def _review(said: object, zone: tzinfo) -> RawEvent:
    at = first_instant(zone, *(dig(said, name) for name in ("at", "created_at", "written_at")))
    data = known(
        order=needed(said, "order"), rating=word(said, "rating"), scale=word(said, "scale"),
        product=word(said, "product"), review=word(said, "review"),
    )  # fmt: skip
    return RawEvent("review.written", at, data, word(said, "customer"))


SOURCE = Source(
    "reviews",
    standard,
    read,
    sign_with="`whsec_` and 24 to 64 bytes in base64; give the same to the sender",
    thanks=thanks,
)
