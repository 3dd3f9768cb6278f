"""How does a system of one's own see the calls? Signed as Standard Webhooks, both ways.

The one to copy. `webhook-id` is the same for the same state of a task, so whoever gets it twice
can tell. Source: github.com/standard-webhooks/standard-webhooks, spec 1.0.
"""

import hashlib
import json
from datetime import datetime

from outreach.callbacks.mirrors.fields import heard, id_of, rows, shown
from outreach.callbacks.mirrors.protocol import Connected, Heard, Mirror, Request, Shown
from outreach.signed import signatures
from outreach.signed.message import Message, Refused, Verified


def made(call: Shown, theirs: str | None, connected: Connected, now: datetime) -> Request:
    """The whole call, each time that something of it has changed."""
    del theirs  # our own id names it there too
    body = json.dumps({"type": "task", "data": shown(call)}, ensure_ascii=False).encode()
    name = f"{call.task}-{hashlib.sha256(body).hexdigest()[:16]}"
    at = str(int(now.timestamp()))
    signed = f"{name}.{at}.".encode() + body
    return Request(
        "POST",
        "",
        {
            "content-type": "application/json", "webhook-id": name, "webhook-timestamp": at,
            "webhook-signature": signatures.standard_made(connected.secret, signed),
        },
        body,
    )  # fmt: skip


def verify(message: Message, connected: Connected, now: datetime) -> Verified | Refused:
    """The same signature the other way."""
    return signatures.standard(message, (connected.secret,), now)


def read(body: bytes, connected: Connected) -> tuple[Heard, ...]:
    """`{"task", "agent", "disposition", "note", "promised"}`, or a list of such."""
    del connected
    return tuple(found for one in rows(body) if (found := heard(one)))


MIRROR = Mirror("webhook", made, id_of, verify, read, delivery="webhook-id")
