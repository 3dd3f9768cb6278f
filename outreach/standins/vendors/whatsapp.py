"""How does WhatsApp's Cloud API behave, as its documentation has it?

Source: developers.facebook.com/docs/whatsapp/cloud-api, "Messages", "Error codes", "Webhooks".
"""

import hashlib
import hmac
import json
from typing import Any

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push, Written

_NUMBER = "106540352242922"
_OWN = "+12025550199"
_CODES = {400: 131009, 401: 190, 429: 130429, 503: 131016}


class WhatsAppProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("authorization") != f"Bearer {KEY}":
            return self.refused(401)
        if not heard.target.endswith(f"/{_NUMBER}/messages"):
            return Said(400, {"error": {"code": 100, "message": "unknown object"}})
        told = json.loads(heard.body)
        said = told["text"]["body"] if told["type"] == "text" else _filled(told["template"])
        echo = told.get("biz_opaque_callback_data", "")
        return Asked(echo.rpartition("/")[2], told["to"], said, _NUMBER, echo=echo)

    def taken(self, asked: Asked, given: str) -> Said:
        contact = {"input": asked.to, "wa_id": asked.to.removeprefix("+")}
        told = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": given}]}
        return Said(200, told)

    def refused(self, status: int) -> Said:
        error = {"code": _CODES.get(status, 131000), "message": "refused", "type": "OAuthException"}
        return Said(status, {"error": error})


def _filled(template: dict[str, Any]) -> str:
    filled = [p["text"] for c in template.get("components", []) for p in c["parameters"]]
    return " ".join([template["name"], template["language"]["code"], *filled])


def push(one: Push) -> Message:
    """A status of a message."""
    status = {
        "id": one.entry["id"], "status": one.word, "timestamp": str(int(one.at.timestamp())),
        "recipient_id": one.entry["to"].removeprefix("+"),
        "biz_opaque_callback_data": one.entry["echo"],
    }  # fmt: skip
    errors = {"errors": [{"code": int(one.about), "title": "not delivered"}]} if one.about else {}
    return _signed({"statuses": [status | errors]}, one.secret)


def write(one: Written) -> Message:
    """A text that a person wrote."""
    given = hashlib.sha256(f"{one.sender} {one.text} {one.at}".encode()).hexdigest()
    message = {
        "from": one.sender.removeprefix("+"), "id": f"wamid.{given}", "type": "text",
        "timestamp": str(int(one.at.timestamp())), "text": {"body": one.text},
    }  # fmt: skip
    return _signed({"messages": [message]}, one.secret)


def _signed(value: dict[str, object], secret: str) -> Message:
    own = {"display_phone_number": _OWN, "phone_number_id": _NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": own} | value
    entry = {"id": "1029384756", "changes": [{"value": value, "field": "messages"}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Message(body, {"x-hub-signature-256": f"sha256={digest}"})


IMITATED = Imitated(
    WhatsAppProtocol,
    f"whatsapp+http://{KEY}@127.0.0.1:{{port}}?number={_NUMBER}&webhook={KEY}",
    push,
    {
        "accepted": "sent", "delivered": "delivered", "read": "read", "failed": "failed:131049",
        "unsubscribed": "failed:131050",
    },
    write,
)  # fmt: skip
