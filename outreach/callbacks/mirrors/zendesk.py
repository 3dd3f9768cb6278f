"""How does Zendesk see the calls? As tickets of the type task, by our id as `external_id`.

Source: developer.zendesk.com, "Tickets" (create, update, create by external id) and "Verifying
webhooks". The way back is a webhook of a trigger, whose body is ours to write:
`{"task": "{{ticket.external_id}}", "agent": "{{current_user.email}}", "disposition": "…",
"note": "{{ticket.latest_comment}}"}`.
"""

import base64
import json
from datetime import datetime

from outreach.callbacks.mirrors.fields import decoded, heard, rows
from outreach.callbacks.mirrors.protocol import Connected, Heard, Mirror, Request, Shown
from outreach.events.sources import zendesk
from outreach.signed.message import Message, Refused, Verified

_SUBJECT = 150


def made(call: Shown, theirs: str | None, connected: Connected, now: datetime) -> Request:
    """A ticket that is created once, and updated as the call goes on."""
    del now
    ticket: dict[str, object] = {
        "external_id": call.task, "type": "task", "due_at": call.due_at.isoformat(),
        "status": "solved" if call.over else "open",
        "subject": f"{call.reason}: {call.ref}"[:_SUBJECT],
        "tags": ["outreach", f"queue_{call.queue}", f"state_{call.state}"],
    }  # fmt: skip
    said = f"{call.state}, {call.attempts} calls, {call.disposition or '-'}, {call.promised or '-'}"
    ticket["comment"] = {"body": said if theirs else call.script or said, "public": False}
    body = json.dumps({"ticket": ticket}, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "authorization": _login(connected)}
    if theirs:
        return Request("PUT", f"/api/v2/tickets/{theirs}.json", headers, body)
    headers |= {"idempotency-key": call.task}
    return Request("POST", "/api/v2/tickets.json", headers, body)


def theirs(body: bytes) -> str | None:
    """The number of the ticket."""
    found = decoded(body)
    ticket = found.get("ticket") if isinstance(found, dict) else None
    number = ticket.get("id") if isinstance(ticket, dict) else None
    return str(number) if isinstance(number, int) else None


def verify(message: Message, connected: Connected, now: datetime) -> Verified | Refused:
    """As Zendesk signs whatever it pushes; the webhook has a secret of its own."""
    return zendesk.verify(message, (connected.settings["webhook_secret"],), now)


def read(body: bytes, connected: Connected) -> tuple[Heard, ...]:
    """What the trigger's webhook says."""
    del connected
    return tuple(found for one in rows(body) if (found := heard(one)))


def _login(connected: Connected) -> str:
    said = f"{connected.settings['email']}/token:{connected.secret}"
    return f"Basic {base64.b64encode(said.encode()).decode()}"


MIRROR = Mirror(
    "zendesk", made, theirs, verify, read,
    needs=("email", "webhook_secret"), delivery="x-zendesk-webhook-invocation-id",
)  # fmt: skip
