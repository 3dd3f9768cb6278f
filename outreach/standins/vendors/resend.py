"""How does Resend behave, as its documentation has it?

Source: resend.com/docs, "Send email", "Idempotency keys", "Webhooks".
"""

import base64
import hashlib
import hmac
import json

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push

_NAMES = {
    400: "validation_error", 401: "missing_api_key", 429: "rate_limit_exceeded",
    500: "application_error",
}  # fmt: skip


class ResendProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if heard.target != "/emails":
            return self.refused(404)
        told = json.loads(heard.body)
        [to] = told["to"]
        tags = {tag["name"]: tag["value"] for tag in told["tags"]}
        key = heard.headers.get("idempotency-key", "")
        said = f"{told['subject']} {told['text']}"
        return Asked(tags["touch"], to, said, told["from"], key, json.dumps(tags))

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(200, {"id": given})

    def refused(self, status: int) -> Said:
        name = _NAMES.get(status, "error")
        return Said(status, {"statusCode": status, "name": name, "message": "refused"})


def push(one: Push) -> Message:
    """An event, signed as Svix signs; `about` is the type of a bounce."""
    data = {
        "email_id": one.entry["id"], "to": [one.entry["to"]], "from": one.entry["sender"],
        "created_at": one.at.isoformat(), "tags": json.loads(one.entry["echo"]),
    }  # fmt: skip
    if one.about:
        data["bounce"] = {"type": one.about, "subType": "General", "message": "no such mailbox"}
    told = {"type": f"email.{one.word}", "created_at": one.at.isoformat(), "data": data}
    body, at = json.dumps(told).encode(), str(int(one.at.timestamp()))
    signed = f"msg_1.{at}.".encode() + body
    digest = hmac.new(base64.b64decode(one.secret + "="), signed, hashlib.sha256).digest()
    headers = {
        "svix-id": "msg_1", "svix-timestamp": at,
        "svix-signature": f"v1,{base64.b64encode(digest).decode()}",
    }  # fmt: skip
    return Message(body, headers)


IMITATED = Imitated(
    ResendProtocol,
    f"resend+http://{KEY}@127.0.0.1:{{port}}?webhook=whsec_{KEY}=",
    push,
    {
        "accepted": "sent", "delivered": "delivered", "read": "opened", "failed": "failed",
        "bounced_soft": "delivery_delayed", "bounced_hard": "bounced:Permanent",
        "complained": "complained", "unsubscribed": "suppressed",
    },
)  # fmt: skip
