"""What does Zendesk report of a ticket?

Event subscriptions of webhooks. Source: developer.zendesk.com, "Verifying webhooks" and "Ticket
events". The person is whom Zendesk calls by `external_id`, or else the requester's number there.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from outreach.events.sources import cases
from outreach.events.sources.fields import decoded, dig, first_instant, instant, needed, word
from outreach.events.sources.protocol import RawEvent, Source
from outreach.signed.message import TOLERANCE, Message, Refused, Verified
from outreach.signed.signatures import STALE, fits, hmac_base64

_PREFIX = "zen:event-type:ticket."
_OVER = frozenset({"SOLVED", "CLOSED"})
_STATES = {"SOLVED": "closed", "CLOSED": "closed", "PENDING": "waiting", "HOLD": "waiting"}


def verify(message: Message, secrets: tuple[str, ...], now: datetime) -> Verified | Refused:
    """`X-Zendesk-Webhook-Signature`: base64(HMAC-SHA256(timestamp + body))."""
    at = message.headers.get("x-zendesk-webhook-signature-timestamp", "")
    given = message.headers.get("x-zendesk-webhook-signature", "")
    signed = at.encode(errors="surrogatepass") + message.body
    found = fits([given], secrets, lambda secret: hmac_base64(secret, signed))
    said = instant(at, now.tzinfo) if now.tzinfo else None
    if isinstance(found, Verified) and (said is None or abs(now - said) > TOLERANCE):
        return STALE
    return found


def read(body: bytes, headers: Mapping[str, str], zone: tzinfo) -> tuple[RawEvent, ...]:
    """A ticket that was created, or whose status has changed."""
    del headers
    said = decoded(body)
    what = _what((word(said, "type") or "").removeprefix(_PREFIX), dig(said, "event"))
    if what is None:
        return ()
    ticket = dig(said, "detail")
    at = first_instant(zone, dig(said, "time"), dig(ticket, "updated_at"))
    tags = dig(ticket, "tags")
    words = tuple(tag for tag in (tags if isinstance(tags, list) else ()) if isinstance(tag, str))
    case = cases.told(
        what, at, case=needed(ticket, "id"), words=words, severity=word(ticket, "priority"),
        subject=word(ticket, "requester_external_id") or word(ticket, "requester_id"),
        order=word(ticket, "external_id"),
    )  # fmt: skip
    return (case,)


def _what(kind: str, event: object) -> str | None:
    if kind == "created":
        return "opened"
    if kind != "status_changed":
        return None
    before = (word(event, "previous") or "").upper()
    after = (word(event, "current") or "").upper()
    if after in {"OPEN", "NEW"}:
        return "reopened" if before in _OVER else None
    return _STATES.get(after)


SOURCE = Source("zendesk", verify, read, sign_with="the webhook's signing secret")
