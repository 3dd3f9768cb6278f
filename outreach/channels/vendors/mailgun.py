"""How does mail leave through Mailgun, and what does Mailgun tell of it?

Source: documentation.mailgun.com, "Send an email", "Securing webhooks", "Event structure" (2026).
There is no key against repetition; the variables `brand` and `touch` come back with each event.
What Mailgun signs is a timestamp and a token, and not the event beside them.
"""

import base64
from datetime import datetime
from urllib.parse import quote, urlencode

from optout.model import Channel
from outreach.channels import outcomes
from outreach.channels.fields import decoded, dig, mailbox, unix, unsubscribe, word
from outreach.channels.posting import Response
from outreach.channels.protocol import Answer, Capabilities, Outgoing
from outreach.channels.receipts import Kind, Told, Why, Word, fell_short
from outreach.channels.vendor import Account, Request, Vendor
from outreach.signed import signatures
from outreach.signed.message import TOLERATED_LATEST, Message, Refused, Verified

_KINDS = {
    "accepted": Kind.ACCEPTED, "delivered": Kind.DELIVERED, "opened": Kind.READ,
    "clicked": Kind.READ, "complained": Kind.COMPLAINED, "unsubscribed": Kind.UNSUBSCRIBED,
    "failed": Kind.FAILED, "rejected": Kind.FAILED,
}  # fmt: skip
_WHY = {
    "suppress-bounce": Why.NO_SUCH_ADDRESS, "suppress-unsubscribe": Why.REFUSED_BEFORE,
    "suppress-complaint": Why.REFUSED_BEFORE, "espblock": Why.FILTERED, "old": Why.EXPIRED,
}  # fmt: skip
_GONE = frozenset({"", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""Bounced for want of a mailbox, host or address (RFC 3463 3.2, RFC 7505), or nobody says why."""


def request(account: Account, one: Outgoing, now: datetime) -> Request:
    """POST a mail to one recipient, from option `domain`."""
    del now
    content = one.content
    told = {
        "from": mailbox(one.sender), "to": one.to, "subject": content.subject or "",
        "text": content.text, "v:brand": one.brand, "v:touch": one.touch_id,
        **{f"h:{name}": value for name, value in unsubscribe(one).items()},
    }  # fmt: skip
    if content.html:
        told["html"] = content.html
    if one.sender.reply_to:
        told["h:Reply-To"] = one.sender.reply_to
    signed_in = base64.b64encode(f"api:{account.secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {signed_in}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    target = f"/v3/{quote(account.option('domain'), safe='')}/messages"
    return Request("POST", target, headers, urlencode(told).encode())


def outcome(response: Response) -> Answer:
    """The id of what was taken, without the brackets, as events have it."""
    return outcomes.by_status(response, lambda told: word(told, "id").strip("<>"))


def verify(account: Account, message: Message, now: datetime) -> Verified | Refused:
    """hex(HMAC-SHA256(timestamp + token)) under the webhook signing key. Raises `Invalid`.

    Mailgun tells an event again for eight hours, and nowhere says that it signs it anew.
    """
    signature = dig(decoded(message.body), "signature")
    at = word(signature, "timestamp")
    signed = f"{at}{word(signature, 'token')}".encode(errors="surrogatepass")
    given = [word(signature, "signature")]
    found = signatures.fits(given, account.secrets(), lambda key: signatures.hmac_hex(key, signed))
    if isinstance(found, Verified) and not signatures.fresh(at, now, TOLERATED_LATEST):
        return signatures.STALE
    return found


def once(message: Message) -> str:
    """The token, which vouches for one body alone. Raises `Invalid`."""
    return word(decoded(message.body), "signature", "token")


def read(message: Message) -> tuple[Word, ...]:
    """One event, of the kind that it names."""
    event = dig(decoded(message.body), "event-data")
    kind = _KINDS.get(word(event, "event"))
    if kind is None or not word(event, "message", "headers", "message-id"):
        return ()
    if kind is Kind.FAILED and word(event, "severity") == "temporary":
        return (_told(event, Kind.BOUNCED_SOFT, Why.UNREACHABLE),)
    return fell_short(_told(event, kind, _why(event) if kind is Kind.FAILED else None))


def _why(event: object) -> Why:
    """Of a failure for good: what Mailgun kept from leaving, or what the receiver's code means."""
    if word(event, "event") == "rejected":
        return Why.FILTERED
    reason = word(event, "reason")
    if reason == "bounce":
        gone = word(event, "delivery-status", "enhanced-code") in _GONE
        return Why.NO_SUCH_ADDRESS if gone else Why.FILTERED
    return _WHY.get(reason, Why.OTHER)


def _told(event: object, kind: Kind, why: Why | None = None) -> Told:
    variables, status = dig(event, "user-variables"), dig(event, "delivery-status")
    code = word(status, "enhanced-code") or word(status, "code")
    said = word(status, "description") or word(status, "message") or word(event, "reject", "reason")
    return Told(
        kind, word(variables, "touch") or None, word(variables, "brand") or None,
        word(event, "message", "headers", "message-id").strip("<>"),
        unix(dig(event, "timestamp")), why, f"{word(event, 'reason')} {code} {said}".strip(),
    )  # fmt: skip


VENDOR = Vendor(
    "mailgun",
    Channel.EMAIL,
    "https://api.mailgun.net",
    Capabilities(16, idempotent=False, receipts="push", provider_id=True, charged="message"),
    request,
    outcome,
    verify,
    read,
    key_is="the sending key",
    needs={"domain": "the sending domain"},
    may={"webhook": "the webhook signing key: without it no receipt is taken"},
    once=once,
)
