"""How does Mailgun behave, as its documentation has it?

Source: documentation.mailgun.com, "Send an email", "Securing webhooks", "Event structure".
"""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push

_SIGNED_IN = f"Basic {base64.b64encode(f'api:{KEY}'.encode()).decode()}"


class MailgunProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != _SIGNED_IN:
            return self.refused(401)
        if heard.target != "/v3/mg.shop.example/messages":
            return self.refused(404)
        told = dict(parse_qsl(heard.body.decode(), strict_parsing=True))
        own = {name: told[f"v:{name}"] for name in ("brand", "touch")}
        said = f"{told['subject']} {told['text']}"
        return Asked(own["touch"], told["to"], said, told["from"], echo=json.dumps(own))

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(200, {"id": f"<{given}>", "message": "Queued. Thank you."})

    def refused(self, status: int) -> Said:
        return Said(status, {"message": "refused"})


def push(one: Push) -> Message:
    """One event; `about` is its severity, and behind a blank its reason."""
    at, token = str(int(one.at.timestamp())), hashlib.sha256(one.word.encode()).hexdigest()[:50]
    severity, _, reason = one.about.partition(" ")
    event: dict[str, object] = {
        "event": one.word, "id": "e-1", "timestamp": one.at.timestamp(),
        "recipient": one.entry["to"], "user-variables": json.loads(one.entry["echo"]),
        "message": {"headers": {"to": one.entry["to"], "message-id": one.entry["id"]}},
    }  # fmt: skip
    if severity:
        status = {"code": 550, "message": "refused", "description": ""}
        event |= {"severity": severity, "reason": reason, "delivery-status": status}
    made = hmac.digest(one.secret.encode(), f"{at}{token}".encode(), "sha256").hex()
    signature = {"timestamp": at, "token": token, "signature": made}
    return Message(json.dumps({"signature": signature, "event-data": event}).encode(), {})


IMITATED = Imitated(
    MailgunProtocol,
    f"mailgun+http://{KEY}@127.0.0.1:{{port}}?domain=mg.shop.example&webhook={KEY}",
    push,
    {
        "accepted": "accepted", "delivered": "delivered", "read": "opened",
        "failed": "failed:permanent espblock", "bounced_soft": "failed:temporary generic",
        "bounced_hard": "failed:permanent bounce", "complained": "complained",
        "unsubscribed": "unsubscribed",
    },
    covers=False,
    in_body=True,
)  # fmt: skip
