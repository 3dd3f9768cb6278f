"""How does HubSpot see the calls? As tasks of the type CALL, by its own id.

Source: developers.hubspot.com, "Tasks" (hs_timestamp is when it is due) and "Validating requests",
v3: base64(HMAC-SHA256(method + address + body + timestamp)), at most five minutes old. The way back
is a subscription to the property `hs_task_status`: what is completed there is `done` here, or
whatever word `completed_is` says.
"""

import json
from datetime import UTC, datetime

from outreach.callbacks.mirrors.fields import id_of, rows, word
from outreach.callbacks.mirrors.protocol import Connected, Heard, Mirror, Request, Shown
from outreach.signed.message import TOLERANCE, Message, Refused, Verified
from outreach.signed.signatures import STALE, fits, hmac_base64

_PATH = "/crm/v3/objects/tasks"


def made(call: Shown, theirs: str | None, connected: Connected, now: datetime) -> Request:
    """A task that is created once, and patched as the call goes on."""
    del now
    properties = {
        "hs_timestamp": call.due_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "hs_task_subject": f"{call.reason}: {call.ref} ({call.task})",
        "hs_task_body": call.script,
        "hs_task_type": "CALL",
        "hs_task_status": "COMPLETED" if call.over else "NOT_STARTED",
    }
    body = json.dumps({"properties": properties}, ensure_ascii=False).encode()
    headers = {
        "content-type": "application/json", "authorization": f"Bearer {connected.secret}"
    }  # fmt: skip
    if theirs:
        return Request("PATCH", f"{_PATH}/{theirs}", headers, body)
    return Request("POST", _PATH, headers, body)


def verify(message: Message, connected: Connected, now: datetime) -> Verified | Refused:
    """`X-HubSpot-Signature-v3`, by the secret of the app."""
    at = message.headers.get("x-hubspot-request-timestamp", "")
    given = message.headers.get("x-hubspot-signature-v3", "")
    signed = b"POST" + message.url.encode() + message.body + at.encode(errors="surrogatepass")
    secret = connected.settings["app_secret"]
    found = fits([given], (secret,), lambda key: hmac_base64(key, signed))
    if isinstance(found, Verified) and not _fresh(at, now):
        return STALE
    return found


def read(body: bytes, connected: Connected) -> tuple[Heard, ...]:
    """Tasks that were completed there; whatever else has changed says nothing of a call, and what
    an integration changed is an echo of what was shown.
    """
    ending = connected.settings.get("completed_is", "done")
    return tuple(
        Heard(
            ending,
            word(one, "sourceId") or "hubspot",
            theirs=word(one, "objectId"),
            event=f"{word(one, 'eventId')} {word(one, 'occurredAt')}",
        )
        for one in rows(body)
        if word(one, "propertyName") == "hs_task_status"
        and word(one, "propertyValue") == "COMPLETED"
        and word(one, "changeSource") != "INTEGRATION"
        and word(one, "objectId")
    )


def _fresh(milliseconds: str, now: datetime) -> bool:
    if not milliseconds.isdecimal() or len(milliseconds) > len("9999999999999"):
        return False
    return abs(now - datetime.fromtimestamp(int(milliseconds) / 1000, UTC)) <= TOLERANCE


MIRROR = Mirror("hubspot", made, id_of, verify, read, needs=("app_secret",))
