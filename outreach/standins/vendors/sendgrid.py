"""How does SendGrid behave, as its documentation has it?

Source: twilio.com/docs/sendgrid, "Mail send", "Event webhook reference".
"""

import base64
import hashlib
import json
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push


class SendGridProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if heard.target != "/v3/mail/send":
            return self.refused(404)
        told = json.loads(heard.body)
        [who] = told["personalizations"]
        [to] = who["to"]
        own = who["custom_args"]
        said = f"{told['subject']} {told['content'][0]['value']}"
        return Asked(own["touch"], to["email"], said, told["from"]["email"], echo=json.dumps(own))

    def taken(self, asked: Asked, given: str) -> Said:
        del asked
        return Said(202, headers={"X-Message-Id": given})

    def refused(self, status: int) -> Said:
        return Said(status, {"errors": [{"message": "refused", "field": None, "help": None}]})


def push(one: Push) -> Message:
    """A list of one event; `about` is a type of bounce, or the reason of a drop."""
    event = {
        "event": one.word, "email": one.entry["to"], "timestamp": int(one.at.timestamp()),
        "sg_message_id": f"{one.entry['id']}.filter0001.1.0", "sg_event_id": "e-1",
        **json.loads(one.entry["echo"]),
    }  # fmt: skip
    if one.about:
        event |= {"type": one.about, "reason": one.about, "status": "5.1.1"}
    body, at = json.dumps([event]).encode(), str(int(one.at.timestamp()))
    signature = _key(one.secret).sign(at.encode() + body, ECDSA(hashes.SHA256()))
    name = "x-twilio-email-event-webhook"
    headers = {
        f"{name}-timestamp": at, f"{name}-signature": base64.b64encode(signature).decode()
    }  # fmt: skip
    return Message(body, headers)


def _key(secret: str) -> EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(secret.encode()).digest()[:31], "big")
    return derive_private_key(number, SECP256R1())


_PUBLIC = base64.b64encode(
    _key(KEY).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()

IMITATED = Imitated(
    SendGridProtocol,
    f"sendgrid+http://{KEY}@127.0.0.1:{{port}}?webhook={quote(_PUBLIC, safe='')}",
    push,
    {
        "accepted": "processed", "delivered": "delivered", "read": "open",
        "failed": "bounce:blocked", "bounced_soft": "deferred", "bounced_hard": "bounce:bounce",
        "complained": "spamreport", "unsubscribed": "dropped:Unsubscribed Address",
    },
)  # fmt: skip
