"""May this agent call this person now, and what came of the call?

A task was lawful when it was opened. Before an agent gets to see it, it is judged again: the window
may have closed, the person may have withdrawn, the passage may have ended. A call that is not to be
made any more was not made, and its touch says so.
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
from outreach.dispatch import claims
from outreach.dispatch.facts import gather
from outreach.dispatch.gate import PULL_CHAIN, judge
from outreach.dispatch.means import Means
from outreach.dispatch.model import Send, Skip
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
            passed.append(task.id)
            verdict = _judged(tx, means, task)
            if isinstance(verdict, Send):
                store.put(tx, task.id, "taken", holder=agent, now=means.clock())
                return replace(task, state="taken", holder=agent)
            if isinstance(verdict, str):
                store.put(tx, task.id, "withdrawn", note=verdict, now=means.clock())
                store.set_not_made(tx, task.touch_id, verdict, now=means.clock())
    return None


def dial(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Ask once more, now that the number is to be dialled; the attempt counts from this instant.

    A call that is not to be made now goes back to the others, or is withdrawn. Raises `NotFound`,
    or `Conflict` when it is not theirs or may not be made.
    """
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        verdict = _judged(tx, means, task)
        now = means.clock()
        if isinstance(verdict, Send):
            store.set_dialled(tx, task.touch_id, now=now)
            return task
        if isinstance(verdict, str):
            store.put(tx, task_id, "withdrawn", note=verdict, now=now)
            store.set_not_made(tx, task.touch_id, verdict, now=now)
        else:
            store.put(tx, task_id, "open", now=now)
    raise Conflict(f"do not dial: {verdict or 'it may not be made now, and waits again'}")


def close(
    means: Means, brand: BrandRef, task_id: UUID, *, agent: str, disposition: str, note: str = ""
) -> None:
    """Say how the call ended. Raises `NotFound`, `Conflict` when it is not theirs, `Invalid`."""
    if disposition not in DISPOSITIONS:
        raise Invalid(f"{disposition!r} is no disposition; use one of {', '.join(DISPOSITIONS)}")
    now = means.clock()
    if disposition == REFUSED:
        _withdraw(means, brand, task_id, agent)  # first: it must not be lost if we die in between
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        store.put(tx, task_id, "closed", holder=agent, disposition=disposition, note=note, now=now)
        store.add_receipt(tx, brand, task.touch_id, disposition, detail=note or None, now=now)
        if disposition == REACHED:
            store.set_reached(tx, task.touch_id, now=now)


def _withdraw(means: Means, brand: BrandRef, task_id: UUID, agent: str) -> None:
    with means.database.begin(brand) as tx:
        person = _held(tx, task_id, agent).person_id
    evidence = ids.shown(ids.TASK, task_id)
    change = Change(Action.WITHDRAW, How.DISPOSITION, evidence, channel=Channel.VOICE)
    change_person(means, brand, person, change)


def _held(tx: Connection, task_id: UUID, agent: str) -> Task:
    task = store.get(tx, task_id)
    if task is None:
        raise NotFound("there is no such task")
    if task.state != "taken" or task.holder != agent:
        raise Conflict(f"the task is {task.state} and held by {task.holder or 'nobody'}")
    return task


def _judged(tx: Connection, means: Means, task: Task) -> Send | str | None:
    """Send, the reason for which it is over, or None: not now. Judged under the locks of a mark.

    While a campaign is paused or a brand stopped, its calls stay where they are.
    """
    touch = claims.get(tx, [task.touch_id])[task.touch_id]
    going = claims.lock_going_on(tx, [touch.campaign_id], [touch.person_id])
    if ended := store.ended_by(tx, task.touch_id):
        return ended
    facts = gather(tx, means, brands.get(tx), [touch], now=means.clock()).facts[touch.id]
    verdict = judge(facts, PULL_CHAIN)
    if isinstance(verdict, Skip):
        return verdict.reason
    return verdict if isinstance(verdict, Send) and touch.campaign_id in going else None
