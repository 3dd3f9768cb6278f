"""How does Telnyx behave, as its documentation has it?

Source: developers.telnyx.com, "Send a message", "Receiving webhooks".
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written


class TelnyxProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if heard.target != "/v2/messages":
            return self.refused(404)
        told = json.loads(heard.body)
        [tag] = told["tags"]
        key = heard.headers.get("idempotency-key", "")
        touch = tag.rpartition("/")[2]
        return Asked(touch, told["to"], told["text"], told["from"], key, tag)

    def taken(self, asked: Asked, given: str) -> Said:
        to = [{"phone_number": asked.to, "status": "queued"}]
        return Said(200, {"data": {"record_type": "message", "id": given, "to": to}})

    def refused(self, status: int) -> Said:
        return Said(status, {"errors": [{"code": "10000", "title": "refused"}]})


def push(one: Push) -> Message:
    """A change of status; `word` is the status."""
    to = [{"phone_number": one.entry["to"], "status": one.word}]
    errors = [{"code": one.about, "title": "undeliverable"}] if one.about else []
    payload = {
        "record_type": "message", "direction": "outbound", "id": one.entry["id"], "to": to,
        "tags": [one.entry["echo"]], "errors": errors,
    }  # fmt: skip
    kind = "message.sent" if one.word == "sent" else "message.finalized"
    return _signed(kind, payload, one)


def write(one: Written) -> Message:
    """A message that came in."""
    payload = {
        "record_type": "message", "direction": "inbound", "id": f"in-{one.at:%s}",
        "from": {"phone_number": one.sender}, "to": [{"phone_number": one.to}], "text": one.text,
    }  # fmt: skip
    return _signed("message.received", payload, one)


def _signed(kind: str, payload: Mapping[str, object], one: Push | Written) -> Message:
    event = {"event_type": kind, "occurred_at": one.at.isoformat(), "payload": payload}
    body = json.dumps({"data": event}).encode()
    at = str(int(one.at.timestamp()))
    signature = _key(one.secret).sign(f"{at}|".encode() + body)
    headers = {
        "telnyx-timestamp": at,
        "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
    }
    return Message(body, headers)


def _key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())


_PUBLIC = base64.b64encode(_key(KEY).public_key().public_bytes_raw()).decode()

IMITATED = Imitated(
    TelnyxProtocol,
    f"telnyx+http://{KEY}@127.0.0.1:{{port}}?webhook={quote(_PUBLIC, safe='')}",
    push,
    {
        "accepted": "sent", "delivered": "delivered", "failed": "delivery_failed:40006",
        "bounced_hard": "delivery_failed:40001", "unsubscribed": "sending_failed:40300",
    },
    write,
)  # fmt: skip
