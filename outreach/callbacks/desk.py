"""May this agent call this person now, and what came of the call?

A task was lawful when it was opened. Before an agent gets to see it, it is judged again: the window
may have closed, the person may have withdrawn.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Action, Channel, How
from outreach import ids
from outreach.brands import store as brands
from outreach.callbacks import store
from outreach.callbacks.store import Task
from outreach.db.engine import BrandRef
from outreach.dispatch import store as dispatch
from outreach.dispatch.facts import gather
from outreach.dispatch.gate import PULL_CHAIN, judge
from outreach.dispatch.means import Means
from outreach.dispatch.model import Hold, Send, Verdict
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound.consent import Change, change_person

# How a call may end. `refused` takes back consent to calls at once.
REACHED, REFUSED = "reached", "refused"
DISPOSITIONS = (REACHED, "no_answer", "busy", "voicemail", "wrong_number", REFUSED)


def take(means: Means, brand: BrandRef, *, agent: str) -> Task | None:
    """The next call that this agent may make now, held by them; None when there is none."""
    passed: list[UUID] = []
    with means.database.begin(brand) as tx:
        while task := store.next_open(tx, passed):
            verdict = _judged(tx, means, task)
            if isinstance(verdict, Send):
                store.put(tx, task.id, "taken", holder=agent, now=means.clock())
                return replace(task, state="taken", holder=agent)
            passed.append(task.id)
            if not isinstance(verdict, Hold):
                store.put(tx, task.id, "withdrawn", note=verdict.reason, now=means.clock())
    return None


def close(
    means: Means, brand: BrandRef, task_id: UUID, *, agent: str, disposition: str, note: str = ""
) -> None:
    """Say how the call ended. Raises `NotFound`, `Conflict` when it is not theirs, `Invalid`."""
    if disposition not in DISPOSITIONS:
        raise Invalid(f"{disposition!r} is no disposition; use one of {', '.join(DISPOSITIONS)}")
    now = means.clock()
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        store.put(tx, task_id, "closed", holder=agent, disposition=disposition, note=note, now=now)
        store.add_receipt(tx, brand, task.touch_id, disposition, detail=note or None, now=now)
        if disposition == REACHED:
            store.set_reached(tx, task.touch_id, now=now)
    if disposition == REFUSED:
        evidence = ids.shown(ids.TASK, task_id)
        change = Change(Action.WITHDRAW, How.DISPOSITION, evidence, channel=Channel.VOICE)
        change_person(means, brand, task.person_id, change)


def _held(tx: Connection, task_id: UUID, agent: str) -> Task:
    task = store.get(tx, task_id)
    if task is None:
        raise NotFound("there is no such task")
    if task.state != "taken" or task.holder != agent:
        raise Conflict(f"the task is {task.state} and held by {task.holder or 'nobody'}")
    return task


def _judged(tx: Connection, means: Means, task: Task) -> Verdict:
    touches = list(dispatch.get(tx, [task.touch_id]).values())
    gathered = gather(tx, means, brands.get(tx), touches, now=means.clock())
    return judge(gathered.facts[task.touch_id], PULL_CHAIN)
