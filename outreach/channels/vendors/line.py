"""How do messages leave through LINE, and what does LINE tell of its users?

Source: developers.line.biz, "Messaging API reference: Send push message, Retrying an API request,
Webhook event objects, Signature validation" (July 2026). A retry key makes a repeat harmless for 24
hours: 409 means that the first call was taken. There are no receipts. Whoever blocks the account
has refused it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, dig, rows, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Capabilities, Outgoing
from outreach.channels.receipts import Word, Written
from outreach.channels.vendor import Account, Request, Vendor
from outreach.errors import Invalid
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified

_LONGEST = 5000  # UTF-16 units of a text message
_CONFLICT = 409


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a text to a user's id, under a retry key that is always the same for a touch."""
    del now  # nothing limits for how long LINE may try
    if len(one.content.text.encode("utf-16-le")) > 2 * _LONGEST:
        raise Invalid(f"the text is longer than the {_LONGEST} characters that LINE takes")
    told = {"to": one.to, "messages": [{"type": "text", "text": one.content.text}]}
    headers = {
        "Authorization": f"Bearer {account.secret}", "Content-Type": "application/json",
        "X-Line-Retry-Key": _retry_key(one.key),
    }  # fmt: skip
    return Request("POST", "/v2/bot/message/push", headers, json.dumps(told).encode())


def _retry_key(key: str) -> str:
    """LINE takes nothing but a UUID."""
    return str(UUID(bytes=hashlib.sha256(key.encode()).digest()[:16], version=4))


def outcome(response: Response) -> Answer:
    """The id of what was sent. A conflict says that an earlier call with this key was taken."""
    told = outcomes.document(response.body)
    if response.status == _CONFLICT and "x-line-accepted-request-id" in response.headers:
        return Accepted(_sent(told))
    return outcomes.by_status(response, _sent)


def _sent(told: Mapping[str, object]) -> str | None:
    listed = told.get("sentMessages")
    return (word(listed[0], "id") or None) if isinstance(listed, list) and listed else None


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """`X-Line-Signature`: base64(HMAC-SHA256(body)) by the channel's secret."""
    del now  # redelivered events keep their instant

    def made(secret: str) -> str:
        digest = hmac.digest(secret.encode(), message.body, "sha256")
        return base64.b64encode(digest).decode()

    return signatures.fits([message.headers.get("x-line-signature", "")], account.secrets(), made)


def read(message: Message) -> tuple[Word, ...]:
    """What people wrote, and that they blocked the account."""
    said = decoded(message.body)
    listed = dig(said, "events")
    to = word(said, "destination")
    return tuple(_words(rows(listed), to)) if isinstance(listed, list) else ()


def _words(events: list[Mapping[str, object]], to: str) -> Iterator[Written]:
    for event in events:
        sort, sender = word(event, "type"), word(event, "source", "userId")
        text = "STOP" if sort == "unfollow" else word(event, "message", "text")
        given = word(event, "webhookEventId")
        if sort in {"message", "unfollow"} and text and sender and given:
            yield Written(given, sender, to, text, Channel.CHAT)


VENDOR = Vendor(
    "line",
    Channel.CHAT,
    "https://api.line.me",
    Capabilities(
        16, idempotent=True, receipts="none", provider_id=True, inbound=True, charged="message"
    ),
    request,
    outcome,
    verify,
    read,
    key_is="the channel access token",
    may={"webhook": "the channel secret, by which events are signed"},
)
