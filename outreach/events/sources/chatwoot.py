"""What does Chatwoot report of a conversation?

Source: www.chatwoot.com/docs, "Webhooks". The person is whom Chatwoot calls by `identifier`, or
else the contact's number there.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from outreach.events.sources import cases
from outreach.events.sources.fields import decoded, dig, first_instant, needed, word
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import Message, Refused, Verified
from outreach.signed.signatures import STALE, fits, fresh, hmac_hex

_STATES = {
    "resolved": "closed", "open": "reopened", "pending": "waiting", "snoozed": "waiting"
}  # fmt: skip


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`X-Chatwoot-Signature: sha256=` + hex(HMAC-SHA256(timestamp.body))."""
    at = message.headers.get("x-chatwoot-timestamp", "")
    given = message.headers.get("x-chatwoot-signature", "").removeprefix("sha256=")
    signed = f"{at}.".encode(errors="surrogatepass") + message.body
    found = fits([given], secrets, lambda secret: hmac_hex(secret, signed))
    return STALE if isinstance(found, Verified) and not fresh(at, now) else found


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """A conversation that began, or whose status has changed."""
    del headers
    said = decoded(body)
    kind = word(said, "event")
    changed = _STATES.get(word(said, "status") or "") if kind == CHANGED else None
    what = "opened" if kind == "conversation_created" else changed
    if what is None:
        return ()
    created = dig(said, "created_at")
    at = first_instant(zone, *([created] if what == "opened" else _changed_at(said)), created)
    sender, labels = dig(said, "meta", "sender"), dig(said, "labels")
    words = tuple(
        one for one in (labels if isinstance(labels, list) else ()) if isinstance(one, str)
    )
    subject = word(sender, "identifier") or word(sender, "id")
    case = cases.told(what, at, case=needed(said, "id"), subject=subject, words=words)
    return (case,)


CHANGED = "conversation_status_changed"


def _changed_at(said: object) -> list[object]:
    return [dig(said, "updated_at"), dig(said, "last_activity_at"), dig(said, "timestamp")]


SOURCE = Source("chatwoot", verify, read, sign_with="the webhook's secret")
