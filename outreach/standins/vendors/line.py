"""How does LINE behave, as its documentation has it?

Source: developers.line.biz, "Messaging API reference", "Retrying an API request", "Receive messages
(webhook)".
"""

import base64
import hashlib
import hmac
import json
import re

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Written

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class LineProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if heard.target != "/v2/bot/message/push":
            return Said(404, {"message": "Not found"})
        key = heard.headers.get("x-line-retry-key", "")
        if key and not _UUID.fullmatch(key):
            return Said(400, {"message": "The retry key is not a UUID"})
        told = json.loads(heard.body)
        known = self._record.known(key) if key else None
        if known:
            sent = {"sentMessages": [{"id": known["id"]}]}
            told = {"message": "The retry key is already accepted"} | sent
            return Said(409, told, {"x-line-accepted-request-id": known["id"]})
        return Asked(key, told["to"], told["messages"][0]["text"], key=key)

    def taken(self, asked: Asked, given: str) -> Said:  # noqa: ARG002
        return Said(200, {"sentMessages": [{"id": given}]})

    def refused(self, status: int) -> Said:
        return Said(status, {"message": "refused"})


def write(one: Written) -> Message:
    """A text that a person wrote."""
    given = hashlib.sha256(f"{one.sender} {one.text} {one.at}".encode()).hexdigest()[:26]
    event = {
        "type": "message", "webhookEventId": given, "mode": "active",
        "message": {"type": "text", "id": given, "text": one.text},
        "timestamp": int(one.at.timestamp() * 1000),
        "source": {"type": "user", "userId": one.sender},
        "deliveryContext": {"isRedelivery": False},
    }  # fmt: skip
    body = json.dumps({"destination": one.to, "events": [event]}).encode()
    digest = hmac.new(one.secret.encode(), body, hashlib.sha256).digest()
    return Message(body, {"x-line-signature": base64.b64encode(digest).decode()})


IMITATED = Imitated(
    LineProtocol,
    f"line+http://{KEY}@127.0.0.1:{{port}}?webhook={KEY}",
    None,
    {},
    write,
    told_touch=False,
)
