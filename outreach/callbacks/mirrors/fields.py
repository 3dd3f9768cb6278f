"""What do bodies of mirrors have in common?"""

import json
from collections.abc import Mapping
from typing import Any

from outreach.callbacks.mirrors.protocol import Heard, Shown


def shown(call: Shown) -> dict[str, object]:
    """A call as JSON knows it."""
    return {
        "task": call.task, "person": call.ref, "reason": call.reason, "queue": call.queue,
        "state": call.state, "script": call.script, "attempts": call.attempts,
        "due_at": call.due_at.isoformat(), "useless_after": call.useless_after.isoformat(),
        "holder": call.holder, "disposition": call.disposition, "promised": call.promised,
    }  # fmt: skip


def decoded(body: bytes) -> Any:  # whatever JSON holds
    """The JSON of a body; None where there is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def rows(body: bytes) -> list[Mapping[str, object]]:
    """The objects of a body: one, or a list of them."""
    found = decoded(body)
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def word(data: Mapping[str, object], name: str) -> str:
    """A text or a number under this name; empty where there is neither."""
    found = data.get(name)
    told = isinstance(found, str | int) and not isinstance(found, bool)
    return str(found).strip() if told else ""


def id_of(body: bytes) -> str | None:
    """The id that an answer gives what was shown, if it gives one."""
    found = decoded(body)
    return (word(found, "id") or None) if isinstance(found, dict) else None


def heard(one: Mapping[str, object]) -> Heard | None:
    """How a call ended, under the names that we give these fields; None where they are missing."""
    task, agent, disposition = (word(one, name) for name in ("task", "agent", "disposition"))
    if not (task and agent and disposition):
        return None
    promised = word(one, "promised") or None
    return Heard(disposition, agent, task=task, note=word(one, "note"), promised=promised)
