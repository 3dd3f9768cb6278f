"""How does Postmark behave, as its documentation has it?

Source: postmarkapp.com/developer, "Email API", "Webhooks".
"""

import base64
import json

from outreach.signed.message import Message
from outreach.standins.http import Asked, Heard, HttpProtocol, Said
from outreach.standins.vendors.imitated import KEY, Imitated, Push

_CODES = {400: 300, 401: 10, 429: 429}


class PostmarkProtocol(HttpProtocol):
    """One connection of a client."""

    def asked(self, heard: Heard) -> Asked | Said:
        if heard.headers.get("x-postmark-server-token") != KEY:
            return self.refused(401)
        if heard.target != "/email":
            return self.refused(404)
        told = json.loads(heard.body)
        own, said = told["Metadata"], f"{told['Subject']} {told['TextBody']}"
        return Asked(own["touch"], told["To"], said, told["From"], echo=json.dumps(own))

    def taken(self, asked: Asked, given: str) -> Said:
        told = {"To": asked.to, "MessageID": given, "ErrorCode": 0, "Message": "OK"}
        return Said(200, told)

    def refused(self, status: int) -> Said:
        """A message at fault is told with 422."""
        told = {"ErrorCode": _CODES.get(status, 0), "Message": "refused"}
        return Said(422 if status == 400 else status, told)  # noqa: PLR2004


def push(one: Push) -> Message:
    """A record; `word` is its type, `about` the type of a bounce."""
    record = {
        "RecordType": one.word, "MessageID": one.entry["id"], "Recipient": one.entry["to"],
        "Metadata": json.loads(one.entry["echo"]),
    }  # fmt: skip
    at = one.at.isoformat()
    if one.word == "Bounce":
        record |= {"Type": one.about, "Details": "smtp;550 5.1.1 unknown", "BouncedAt": at}
    if one.word == "SubscriptionChange":
        reason = "ManualSuppression"
        record |= {"SuppressSending": True, "SuppressionReason": reason, "ChangedAt": at}
    record |= {"DeliveredAt": at, "ReceivedAt": at}
    signed_in = base64.b64encode(f"outreach:{one.secret}".encode()).decode()
    return Message(json.dumps(record).encode(), {"authorization": f"Basic {signed_in}"})


IMITATED = Imitated(
    PostmarkProtocol,
    f"postmark+http://{KEY}@127.0.0.1:{{port}}?webhook=outreach:{KEY}",
    push,
    {
        "delivered": "Delivery", "read": "Open", "failed": "Bounce:SoftBounce",
        "bounced_soft": "Bounce:Transient", "bounced_hard": "Bounce:HardBounce",
        "complained": "SpamComplaint", "unsubscribed": "SubscriptionChange",
    },
    covers=False,
)  # fmt: skip
