"""How does mail leave through SendGrid, and what does SendGrid tell of it?

Source: twilio.com/docs/sendgrid, "Mail send", "Event webhook reference", "Event webhook security
features" (2026). There is no key against repetition; `custom_args` carry brand and touch.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, rows, unix, unsubscribe, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.channels.receipts import Kind, Told, Why, Word, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified

_KINDS = {
    "processed": Kind.ACCEPTED, "deferred": Kind.BOUNCED_SOFT, "delivered": Kind.DELIVERED,
    "open": Kind.READ, "click": Kind.READ, "spamreport": Kind.COMPLAINED,
    "unsubscribe": Kind.UNSUBSCRIBED, "group_unsubscribe": Kind.UNSUBSCRIBED,
    "bounce": Kind.FAILED, "dropped": Kind.FAILED,
}  # fmt: skip
_DROPPED = {
    "Unsubscribed Address": Why.REFUSED_BEFORE, "Spam Reporting Address": Why.REFUSED_BEFORE,
    "Bounced Address": Why.NO_SUCH_ADDRESS, "Invalid": Why.NO_SUCH_ADDRESS,
    "Recipient List over Package Quota": Why.ACCOUNT,
}  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a mail to one recipient."""
    del now
    content, sender = one.content, one.sender
    parts = [{"type": "text/plain", "value": content.text}]
    if content.html:
        parts.append({"type": "text/html", "value": content.html})
    told: dict[str, object] = {
        "personalizations": [
            {"to": [{"email": one.to}], "custom_args": {"brand": one.brand, "touch": one.touch_id}}
        ],
        "from": {"email": sender.address, "name": sender.name},
        "subject": content.subject or "", "content": parts, "headers": unsubscribe(one),
    }  # fmt: skip
    if sender.reply_to:
        told["reply_to"] = {"email": sender.reply_to}
    headers = {"Authorization": f"Bearer {account.secret}", "Content-Type": "application/json"}
    return Request("POST", "/v3/mail/send", headers, json.dumps(told).encode())


def outcome(response: Response) -> Answer:
    """The body of what was taken is empty; its id stands in a header."""
    return outcomes.by_status(response, lambda _: response.headers.get("x-message-id"))


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """ECDSA with SHA-256 over timestamp and body, under the webhook's verification key.

    Nothing is asked of the timestamp: SendGrid tells an event again for a day.
    """
    del now
    if not account.secrets():
        return signatures.NO_SECRET
    name = "x-twilio-email-event-webhook"
    at = message.headers.get(f"{name}-timestamp", "")
    signed = at.encode(errors="surrogatepass") + message.body
    try:
        given = base64.b64decode(message.headers.get(f"{name}-signature", ""), validate=True)
    except (binascii.Error, ValueError):
        return signatures.WRONG
    fits = any(_fits(key, given, signed) for key in account.secrets())
    return Verified() if fits else signatures.WRONG


def _fits(key: str, given: bytes, signed: bytes) -> bool:
    try:
        public = load_der_public_key(base64.b64decode(key))
        if not isinstance(public, EllipticCurvePublicKey):
            return False
        public.verify(given, signed, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def read(message: Message) -> tuple[Word, ...]:
    """A list of events."""
    return tuple(told for one in rows(decoded(message.body)) for told in _told(one))


def _told(one: Mapping[str, object]) -> tuple[Told, ...]:
    kind = _KINDS.get(word(one, "event"))
    name = word(one, "sg_message_id").partition(".")[0]
    if kind is None or not name:
        return ()
    reason = word(one, "reason") or word(one, "response")
    why = _why(one, reason) if kind is Kind.FAILED else None
    at = unix(one.get("timestamp"))
    said = f"{word(one, 'status')} {reason}".strip()
    touch, brand = word(one, "touch") or None, word(one, "brand") or None
    return fell_short(Told(kind, touch, brand, name, at, why, said))


def _why(one: Mapping[str, object], reason: str) -> Why:
    """A `blocked` bounce is the receiver's no to this mail; any other is to the address."""
    if word(one, "event") == "bounce":
        return Why.FILTERED if word(one, "type") == "blocked" else Why.NO_SUCH_ADDRESS
    return _DROPPED.get(reason, Why.OTHER)


VENDOR = Vendor(
    "sendgrid",
    Channel.EMAIL,
    "https://api.sendgrid.com",
    Capabilities(16, idempotent=False, receipts="push", provider_id=True, charged="message"),
    request,
    outcome,
    verify,
    read,
    may={"webhook": "the event webhook's verification key: without it no receipt is taken"},
)
