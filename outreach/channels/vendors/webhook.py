"""How do texts leave to a system of the customer's own, and how does it tell what became of them?

A POST of JSON, signed as Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks,
spec): `webhook-id` is the key of the touch, the same whenever it is sent again. Whatever answers is
reached through the guard (`channels.guard`). Receipts and replies come back under the same secret:

    {"type": "receipt", "data": {"reference": "brand/tch_…", "kind": "delivered", "at": "…Z"}}
    {"type": "reply", "data": {"id": "…", "from": "…", "to": "…", "text": "…"}}

or a list of such.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, dereferenced, dig, instant, reference, rows, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing
from outreach.channels.receipts import Kind, Told, Why, Word, Written, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified

_NO_CONTENT = 204


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST the text, to the path of the URL; the body of a touch is always the same."""
    body = json.dumps({"type": "contact", "data": _data(one)}, ensure_ascii=False).encode()
    at = str(int(now.timestamp()))
    signed = f"{one.key}.{at}.".encode() + body
    headers = {
        "Content-Type": "application/json", "webhook-id": one.key, "webhook-timestamp": at,
        "webhook-signature": signatures.standard_made(account.secret, signed),
    }  # fmt: skip
    parts = urlsplit(account.base)
    return Request("POST", parts.path or "/", headers, body)


def _data(one: Outgoing) -> dict[str, object]:
    content, until = one.content, one.valid_until
    told = {
        "reference": reference(one), "channel": one.channel.value, "to": one.to,
        "sender": one.sender.address, "sender_name": one.sender.name, "text": content.text,
        "subject": content.subject, "html": content.html, "template": content.code,
        "params": dict(content.params), "unsubscribe_url": one.unsubscribe_url,
        "valid_until": until.astimezone(UTC).isoformat() if until else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, {})}


def outcome(response: Response) -> Answer:
    """2xx is taken: with an `id` under that, with an empty body under none."""
    empty = response.status == _NO_CONTENT or response.headers.get("content-length") == "0"
    if empty and 200 <= response.status <= 299:  # noqa: PLR2004
        return Accepted()
    return outcomes.by_status(response, lambda told: told.get("id"))


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """The same signature the other way; `webhook` names further secrets that are live."""
    return signatures.standard(message, (account.secret, *account.secrets()), now)


def read(message: Message) -> tuple[Word, ...]:
    """Receipts and replies."""
    found = (_word(one) for one in rows(decoded(message.body)))
    return tuple(said for some in found for said in some)


def _word(one: Mapping[str, object]) -> tuple[Word, ...]:
    sort, data = word(one, "type"), dig(one, "data")
    if sort == "reply":
        return _written(data)
    kind = word(data, "kind")
    if sort != "receipt" or kind not in set(Kind):
        return ()
    brand, touch = dereferenced(word(data, "reference"))
    why = Why.OTHER if kind in {Kind.FAILED, Kind.BOUNCED_HARD} else None
    said = word(data, "detail") or (kind if why else "")
    given, at = word(data, "id") or None, instant(word(data, "at"))
    return fell_short(Told(Kind(kind), touch, brand, given, at, why, said)) if touch else ()


def _written(data: object) -> tuple[Word, ...]:
    given, sender, text = word(data, "id"), word(data, "from"), word(data, "text")
    if not (given and sender and text):
        return ()
    return (Written(given, sender, word(data, "to"), text, Channel.CHAT),)


VENDOR = Vendor(
    "webhook",
    Channel.CHAT,
    "",
    Capabilities(16, idempotent=False, receipts="push", inbound=True),
    request,
    outcome,
    verify,
    read,
    key_is="the secret, `whsec_` and base64",
    may={"webhook": "another live secret, while one takes the other's place"},
    guarded=True,
    serves=frozenset({Channel.EMAIL, Channel.SMS}),
)
