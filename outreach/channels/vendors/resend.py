"""How does mail leave through Resend, and what does Resend tell of it?

Source: resend.com/docs, "Send email", "Idempotency keys", "Webhooks", "Errors" (2026). A mail sent
again under its `Idempotency-Key` within a day is not sent twice.
"""

import json
from datetime import datetime

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, dig, instant, mailbox, unsubscribe, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.channels.receipts import Kind, Told, Why, Word, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified

_KINDS = {
    "email.sent": Kind.ACCEPTED, "email.delivered": Kind.DELIVERED,
    "email.delivery_delayed": Kind.BOUNCED_SOFT, "email.bounced": Kind.BOUNCED_HARD,
    "email.complained": Kind.COMPLAINED, "email.opened": Kind.READ, "email.clicked": Kind.READ,
    "email.failed": Kind.FAILED, "email.suppressed": Kind.FAILED,
}  # fmt: skip


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a mail; its tags and its key are ours."""
    del now
    content = one.content
    told: dict[str, object] = {
        "from": mailbox(one.sender), "to": [one.to], "subject": content.subject or "",
        "text": content.text, "headers": unsubscribe(one),
        "tags": [{"name": "brand", "value": one.brand}, {"name": "touch", "value": one.touch_id}],
    }  # fmt: skip
    if content.html:
        told["html"] = content.html
    if one.sender.reply_to:
        told["reply_to"] = one.sender.reply_to
    headers = {
        "Authorization": f"Bearer {account.secret}", "Content-Type": "application/json",
        "Idempotency-Key": one.key,
    }  # fmt: skip
    return Request("POST", "/emails", headers, json.dumps(told).encode())


def outcome(response: Response) -> Answer:
    """The id of what was taken."""
    return outcomes.by_status(response, lambda told: told.get("id"))


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """Standard Webhooks, under the headers' names of Svix."""
    headers = {
        f"webhook-{name}": message.headers.get(f"svix-{name}", "")
        for name in ("id", "timestamp", "signature")
    }
    return signatures.standard(Message(message.body, headers), account.secrets(), now)


def read(message: Message) -> tuple[Word, ...]:
    """An event of one mail."""
    said = decoded(message.body)
    kind, data = _KINDS.get(word(said, "type")), dig(said, "data")
    if kind is None or not word(data, "email_id"):
        return ()
    bounce = f"{word(data, 'bounce', 'type')} {word(data, 'bounce', 'subType')}".strip()
    why = None
    if kind is Kind.BOUNCED_HARD:
        permanent = not bounce or bounce.startswith("Permanent")
        kind, why = (kind, Why.NO_SUCH_ADDRESS) if permanent else (Kind.FAILED, Why.UNREACHABLE)
    elif kind is Kind.FAILED:
        why = Why.REFUSED_BEFORE if word(said, "type") == "email.suppressed" else Why.OTHER
    words = word(data, "bounce", "message") or word(data, "failed", "reason")
    told = Told(
        kind, word(data, "tags", "touch") or None, word(data, "tags", "brand") or None,
        word(data, "email_id"), instant(word(said, "created_at")), why,
        f"{bounce} {words}".strip() or (word(said, "type") if why else ""),
    )  # fmt: skip
    return (told,) if told.kind is Kind.BOUNCED_HARD else fell_short(told)


VENDOR = Vendor(
    "resend",
    Channel.EMAIL,
    "https://api.resend.com",
    Capabilities(16, idempotent=True, receipts="push", provider_id=True, charged="message"),
    request,
    outcome,
    verify,
    read,
    may={"webhook": "the webhook's signing secret (whsec_…): without it no receipt is taken"},
)
