"""Which calls do agents owe, and how did they end?"""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter

from outreach import ids
from outreach.callbacks import desk, store
from outreach.callbacks.store import Task
from outreach.web.auth import Authorized
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["tasks"])


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A call that an agent owes; `number` is E.164."""

    task: str
    touch: str
    person: str
    number: str
    script: str
    state: str
    holder: str | None
    opened_at: datetime
    useless_after: datetime


@dataclass(frozen=True, slots=True)
class Tasks:
    """Open and taken tasks, oldest first."""

    tasks: list[TaskShown]


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes the next call."""

    agent: Text


@dataclass(frozen=True, slots=True)
class TakenTask:
    """The call to make now, or null when there is none that may be made."""

    task: TaskShown | None


@dataclass(frozen=True, slots=True)
class Dialling:
    """Who is about to dial; the agent who holds the task."""

    agent: Text


@dataclass(frozen=True, slots=True)
class Dialled:
    """The number to dial now; the attempt counts from this instant."""

    task: str
    number: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How the call ended, said by the agent who holds it."""

    agent: Text
    disposition: Text
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The task that was closed, and how."""

    task: str
    disposition: str


@router.get("/tasks")
def list_tasks(caller: Authorized) -> Tasks:
    """The calls that are open or taken."""
    with caller.begin() as tx:
        return Tasks([_shown(task) for task in store.owed(tx)])


@router.post("/tasks/take")
def take_task(caller: Authorized, taking: Taking) -> TakenTask:
    """The next call that may be made now, held by this agent; it is judged again for that."""
    task = desk.take(caller.means, caller.brand, agent=taking.agent)
    return TakenTask(_shown(replace(task, state="taken", holder=taking.agent)) if task else None)


@router.post("/tasks/{task}/dial")
def dial_task(caller: Authorized, task: str, dialling: Dialling) -> Dialled:
    """Ask once more, just before dialling. 409 means: do not dial.

    A call that may not be made now goes back to the others; one that is over is withdrawn.
    """
    key = ids.read(ids.TASK, task)
    owed = desk.dial(caller.means, caller.brand, key, agent=dialling.agent)
    return Dialled(task, owed.number)


@router.post("/tasks/{task}/close")
def close_task(caller: Authorized, task: str, closing: Closing) -> Closed:
    """Say how the call ended. `refused` takes back consent to calls at once."""
    desk.close(
        caller.means,
        caller.brand,
        ids.read(ids.TASK, task),
        agent=closing.agent,
        disposition=closing.disposition,
        note=closing.note,
    )
    return Closed(task, closing.disposition)


def _shown(task: Task) -> TaskShown:
    return TaskShown(
        task=ids.shown(ids.TASK, task.id),
        touch=ids.shown(ids.TOUCH, task.touch_id),
        person=ids.shown(ids.PERSON, task.person_id),
        number=task.number,
        script=task.script,
        state=task.state,
        holder=task.holder,
        opened_at=task.opened_at,
        useless_after=task.useless_after,
    )
