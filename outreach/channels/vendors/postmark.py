"""How does mail leave through Postmark, and what does Postmark tell of it?

Source: postmarkapp.com/developer, "Email API", "Webhooks", "API error codes" (2026). There is no
key against repetition; `Metadata` carries brand and touch. Webhooks bear no signature: they sign in
with the user and password that stand in the address given to Postmark.
"""

import base64
import json
from datetime import datetime

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, instant, mailbox, unsubscribe, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.channels.receipts import Kind, Told, Why, Word, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified

_KINDS = {
    "Delivery": Kind.DELIVERED, "Open": Kind.READ, "Click": Kind.READ,
    "SpamComplaint": Kind.COMPLAINED, "Bounce": Kind.FAILED,
}  # fmt: skip
_AT = {
    "Delivery": "DeliveredAt", "Open": "ReceivedAt", "Click": "ReceivedAt", "Bounce": "BouncedAt",
    "SpamComplaint": "BouncedAt", "SubscriptionChange": "ChangedAt",
}  # fmt: skip
_BOUNCES = {
    "HardBounce": (Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
    "BadEmailAddress": (Kind.BOUNCED_HARD, Why.NO_SUCH_ADDRESS),
    "SoftBounce": (Kind.FAILED, Why.UNREACHABLE), "DnsError": (Kind.FAILED, Why.UNREACHABLE),
    "Transient": (Kind.BOUNCED_SOFT, Why.UNREACHABLE), "AutoResponder": (None, None),
    "AddressChange": (None, None), "Subscribe": (None, None),
    "Blocked": (Kind.FAILED, Why.FILTERED), "SpamNotification": (Kind.FAILED, Why.FILTERED),
    "Undeliverable": (Kind.FAILED, Why.UNREACHABLE), "Unconfirmed": (Kind.FAILED, Why.SENDER),
    "SpamComplaint": (Kind.COMPLAINED, None), "Unsubscribe": (Kind.UNSUBSCRIBED, None),
    "ManuallyDeactivated": (Kind.FAILED, Why.REFUSED_BEFORE),
}  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a mail to one recipient, in the message stream of option `stream`."""
    del now
    content = one.content
    told: dict[str, object] = {
        "From": mailbox(one.sender), "To": one.to, "Subject": content.subject or "",
        "TextBody": content.text, "MessageStream": account.option("stream", "outbound"),
        "Headers": [{"Name": name, "Value": value} for name, value in unsubscribe(one).items()],
        "Metadata": {"brand": one.brand, "touch": one.touch_id},
    }  # fmt: skip
    if content.html:
        told["HtmlBody"] = content.html
    if one.sender.reply_to:
        told["ReplyTo"] = one.sender.reply_to
    headers = {
        "X-Postmark-Server-Token": account.secret, "Content-Type": "application/json",
        "Accept": "application/json",
    }  # fmt: skip
    return Request("POST", "/email", headers, json.dumps(told).encode())


def outcome(response: Response) -> Answer:
    """The id of what was taken."""
    return outcomes.by_status(response, lambda told: told.get("MessageID"))


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """HTTP Basic (RFC 7617), with `USER:PASSWORD` as option `webhook`."""
    del now

    def made(secret: str) -> str:
        return f"Basic {base64.b64encode(secret.encode()).decode()}"

    given = message.headers.get("authorization", "")
    return signatures.fits([given], account.secrets(), made)


def read(message: Message) -> tuple[Word, ...]:
    """One record, of the type that it names."""
    said = decoded(message.body)
    record = word(said, "RecordType")
    if record == "SubscriptionChange":
        return (_told(said, Kind.UNSUBSCRIBED),) if _refused(said) else ()
    kind: Kind | None = _KINDS.get(record)
    why: Why | None = None
    if record == "Bounce":
        kind, why = _BOUNCES.get(word(said, "Type"), (Kind.FAILED, Why.OTHER))
    if kind is None or not word(said, "MessageID"):
        return ()
    return fell_short(_told(said, kind, why))


def _refused(said: object) -> bool:
    """Whether the person refused; Postmark tells of bounces and complaints here, too."""
    suppressed = isinstance(said, dict) and said.get("SuppressSending") is True
    return suppressed and word(said, "SuppressionReason") == "ManualSuppression"


def _told(said: object, kind: Kind, why: Why | None = None) -> Told:
    return Told(
        kind, word(said, "Metadata", "touch") or None, word(said, "Metadata", "brand") or None,
        word(said, "MessageID"), instant(word(said, _AT.get(word(said, "RecordType"), ""))), why,
        f"{word(said, 'Type')} {word(said, 'Details') or word(said, 'Description')}".strip(),
    )  # fmt: skip


VENDOR = Vendor(
    "postmark",
    Channel.EMAIL,
    "https://api.postmarkapp.com",
    Capabilities(16, idempotent=False, receipts="push", provider_id=True, charged="message"),
    request,
    outcome,
    verify,
    read,
    key_is="the server's API token",
    may={
        "stream": "the message stream, else `outbound`",
        "webhook": "USER:PASSWORD of the webhook's address: without it no receipt is taken",
    },
)
