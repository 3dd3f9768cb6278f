"""How do text messages leave through Telnyx, and what does Telnyx tell of them?

Source: developers.telnyx.com, "Send a message", "Receiving webhooks", "Messaging error codes"
(2026). A message sent again under its `Idempotency-Key` within a day is not sent twice.
"""

import base64
import binascii
import json
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from optout.model import Channel
from outreach.channels import charges, outcomes
from outreach.channels.charges import Charge
from outreach.channels.fields import (
    decoded,
    dereferenced,
    dig,
    instant,
    reference,
    texts,
    word,
)
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Verified
from outreach.signed.message import Refused as Unverified

_KINDS = {
    "queued": Kind.ACCEPTED, "sending": Kind.ACCEPTED, "sent": Kind.ACCEPTED,
    "delivered": Kind.DELIVERED, "delivery_unconfirmed": Kind.ACCEPTED, "expired": Kind.FAILED,
    "sending_failed": Kind.FAILED, "delivery_failed": Kind.FAILED,
}  # fmt: skip
_WHY = {
    "40001": Why.NO_SUCH_ADDRESS, "40310": Why.NO_SUCH_ADDRESS, "40002": Why.FILTERED,
    "40003": Why.FILTERED, "40005": Why.EXPIRED, "40006": Why.UNREACHABLE, "40010": Why.SENDER,
    "40013": Why.SENDER, "40300": Why.REFUSED_BEFORE, "40100": Why.ACCOUNT,
}  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a message; its tag and its key are ours."""
    del now  # nothing here says until when it is of use
    told: dict[str, object] = {
        "from": one.sender.address, "to": one.to, "text": one.content.text,
        "tags": [reference(one)],
    }  # fmt: skip
    if account.reports_to:
        told["webhook_url"] = account.reports_to
    if profile := account.option("profile"):
        told["messaging_profile_id"] = profile
    headers = {
        "Authorization": f"Bearer {account.secret}", "Content-Type": "application/json",
        "Accept": "application/json", "Idempotency-Key": one.key,
    }  # fmt: skip
    return Request("POST", "/v2/messages", headers, json.dumps(told).encode())


def outcome(response: Response) -> Answer:
    """The id of what was taken; otherwise the code of a refusal by the person tells more."""
    told = outcomes.document(response.body)
    cause = _WHY.get(_error(told).partition(" ")[0])
    if cause is Why.REFUSED_BEFORE and 400 <= response.status <= 499:  # noqa: PLR2004
        said = outcomes.shown(response)
        return Refused("rejected", said, permanent=True, cause=cause)
    answer = outcomes.by_status(response, lambda told: dig(told, "data", "id"))
    return outcomes.because(outcomes.charged(answer, _charge(dig(told, "data"))), cause)


def _charge(told: object) -> Charge | None:
    amount, currency = dig(told, "cost", "amount"), dig(told, "cost", "currency")
    return charges.told(parts=dig(told, "parts"), amount=amount, currency=currency)


def verify(account: Account, message: Message, now: datetime) -> Verified | Unverified:
    """`telnyx-signature-ed25519` over `timestamp|body`, under the account's public key."""
    if not account.secrets():
        return signatures.NO_SECRET
    at = message.headers.get("telnyx-timestamp", "")
    signed = f"{at}|".encode(errors="surrogatepass") + message.body
    try:
        given = base64.b64decode(message.headers.get("telnyx-signature-ed25519", ""), validate=True)
    except (binascii.Error, ValueError):
        return signatures.WRONG
    if not any(_fits(key, given, signed) for key in account.secrets()):
        return signatures.WRONG
    return Verified() if signatures.fresh(at, now) else signatures.STALE


def _fits(key: str, given: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(given, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def read(message: Message) -> tuple[Word, ...]:
    """An event: what became of a message, or one that came in."""
    event = dig(decoded(message.body), "data")
    told = dig(event, "payload")
    if word(event, "event_type") == "message.received":
        return _written(told)
    if word(event, "event_type") in {"message.sent", "message.finalized"}:
        return _told(event, told)
    return ()


def _told(event: object, told: object) -> tuple[Told, ...]:
    listed = dig(told, "to")
    status = word(listed[0], "status") if isinstance(listed, list) and listed else ""
    kind = _KINDS.get(status)
    if kind is None:
        return ()
    brand, touch = dereferenced(next(iter(texts(dig(told, "tags"))), ""))
    at = instant(word(event, "occurred_at"))
    said = _error(told)
    why = _WHY.get(said.partition(" ")[0], Why.OTHER) if kind is Kind.FAILED else None
    given = word(told, "id") or None
    return fell_short(Told(kind, touch, brand, given, at, why, said, _charge(told)))


def _error(told: object) -> str:
    listed = dig(told, "errors")
    first = listed[0] if isinstance(listed, list) and listed else None
    return f"{word(first, 'code')} {word(first, 'title')}".strip()


def _written(told: object) -> tuple[Written, ...]:
    listed = dig(told, "to")
    to = word(listed[0], "phone_number") if isinstance(listed, list) and listed else ""
    sender, id_ = word(told, "from", "phone_number"), word(told, "id")
    return (Written(id_, sender, to, word(told, "text"), Channel.SMS),) if sender and id_ else ()


VENDOR = Vendor(
    "telnyx",
    Channel.SMS,
    "https://api.telnyx.com",
    Capabilities(
        16, idempotent=True, receipts="push", provider_id=True, inbound=True, charged="part"
    ),
    request,
    outcome,
    verify,
    read,
    may={
        "profile": "the messaging profile, where the sender is a name",
        "webhook": "the account's public key: without it no receipt is taken",
    },
)
