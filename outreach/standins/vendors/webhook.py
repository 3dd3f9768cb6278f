"""How does a system behave that takes Standard Webhooks, as their specification has it?

Source: github.com/standard-webhooks/standard-webhooks, spec, "Webhook headers", "Signature scheme".
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

_SECRET = f"whsec_{KEY}="


class WebhookProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        given = heard.headers.get("webhook-id", "")
        at = heard.headers["webhook-timestamp"]
        right = _signature(_SECRET, given, at, heard.body)
        if heard.headers.get("webhook-signature") != right:
            return self.refused(401)
        data = json.loads(heard.body)["data"]
        touch = data["reference"].rpartition("/")[2]
        return Asked(touch, data["to"], data["text"], data["sender"], echo=data["reference"])

    def taken(self, asked: Asked, given: str) -> Said:  # noqa: ARG002
        return Said(202, {"id": given})


def push(one: Push) -> Message:
    """A receipt."""
    data = {"reference": one.entry["echo"], "kind": one.word, "at": one.at.isoformat()}
    return _signed("receipt", data | {"id": one.entry["id"]}, one.at, one.secret)


def write(one: Written) -> Message:
    """What somebody wrote back."""
    given = hashlib.sha256(f"{one.sender} {one.text} {one.at}".encode()).hexdigest()
    data = {"id": given, "from": one.sender, "to": one.to, "text": one.text}
    return _signed("reply", data, one.at, one.secret)


def _signed(sort: str, data: dict[str, str], now: datetime, secret: str) -> Message:
    body = json.dumps({"type": sort, "data": data}).encode()
    given, at = hashlib.sha256(body).hexdigest()[:20], str(int(now.timestamp()))
    key = _SECRET if secret == KEY else f"whsec_{secret}"
    headers = {"webhook-id": given, "webhook-timestamp": at}
    return Message(body, headers | {"webhook-signature": _signature(key, given, at, body)})


def _signature(secret: str, given: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    digest = hmac.new(key, f"{given}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


IMITATED = Imitated(
    WebhookProtocol,
    "webhook+http://whsec_" + KEY + "%3D@127.0.0.1:{port}/hook",
    push,
    {
        "accepted": "accepted", "delivered": "delivered", "read": "read", "failed": "failed",
        "bounced_hard": "bounced_hard", "bounced_soft": "bounced_soft",
        "complained": "complained", "unsubscribed": "unsubscribed",
    },
    write,
)  # fmt: skip
