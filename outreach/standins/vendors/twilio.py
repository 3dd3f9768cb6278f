"""How does Twilio behave, as its documentation has it?

Source: twilio.com/docs, "Message resource", "Validating requests", "Error and warning dictionary".
"""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

_ACCOUNT = "AC00000000000000000000000000000000"
_CODES = {400: 21211, 401: 20003, 429: 20429, 503: 20503}


class TwilioProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        signed_in = base64.b64encode(f"{_ACCOUNT}:{KEY}".encode()).decode()
        if heard.headers.get("authorization") != f"Basic {signed_in}":
            return self.refused(401)
        told = dict(parse_qsl(heard.body.decode()))
        if heard.target != f"/2010-04-01/Accounts/{_ACCOUNT}/Messages.json":
            return Said(404, {"code": 20404, "message": "not found", "status": 404})
        said = told.get("Body") or f"{told['ContentSid']} {told['ContentVariables']}"
        echo = told.get("StatusCallback", "")
        [touch] = parse_qs(urlsplit(echo).query).get("touch", [""])
        sender = told.get("From") or told["MessagingServiceSid"]
        return Asked(touch, told["To"], said, sender, echo=echo)

    def taken(self, asked: Asked, given: str) -> Said:
        return Said(201, {"sid": given, "status": "queued", "to": asked.to, "error_code": None})

    def refused(self, status: int) -> Said:
        told = {"code": _CODES.get(status, 20000 + status), "message": "refused", "status": status}
        return Said(status, told)


def push(one: Push) -> Message:
    """A status callback, to the address that the message named."""
    fields = {
        "MessageSid": one.entry["id"], "SmsSid": one.entry["id"], "AccountSid": _ACCOUNT,
        "MessageStatus": one.word, "To": one.entry["to"], "From": one.entry["sender"],
    }  # fmt: skip
    return _signed(one.entry["echo"], fields | _code(one.about), one.secret)


def write(one: Written) -> Message:
    """An incoming message."""
    said = f"{one.sender} {one.text} {one.at.isoformat()}".encode()
    fields = {
        "MessageSid": f"SM{hashlib.md5(said, usedforsecurity=False).hexdigest()}",
        "AccountSid": _ACCOUNT, "From": one.sender, "To": one.to, "Body": one.text,
        "NumMedia": "0", "SmsStatus": "received",
    }  # fmt: skip
    return _signed(one.where, fields, one.secret)


def _code(about: str) -> dict[str, str]:
    return {"ErrorCode": about} if about else {}


def _signed(url: str, fields: dict[str, str], secret: str) -> Message:
    joined = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(secret.encode(), joined.encode(), hashlib.sha1).digest()
    headers = {
        "x-twilio-signature": base64.b64encode(digest).decode(),
        "content-type": "application/x-www-form-urlencoded",
    }
    query = dict(parse_qsl(urlsplit(url).query))
    return Message(urlencode(fields).encode(), headers, query, url)


IMITATED = Imitated(
    TwilioProtocol,
    f"twilio+http://{_ACCOUNT}:{KEY}@127.0.0.1:{{port}}",
    push,
    {
        "accepted": "sent", "delivered": "delivered", "read": "read",
        "failed": "undelivered:30003", "bounced_hard": "undelivered:30005",
        "unsubscribed": "undelivered:21610",
    },
    write,
)  # fmt: skip
