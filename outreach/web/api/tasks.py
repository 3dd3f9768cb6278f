"""Which calls do agents owe, and how did they end?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter

from outreach import ids
from outreach.callbacks import calls, desk, endings, promises, slots, store
from outreach.callbacks.endings import Closing
from outreach.callbacks.model import Call, Sort, Task
from outreach.errors import NotFound
from outreach.web.auth import Authorized
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["tasks"])


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A call that an agent owes; `number` is E.164.

    Of the kind `copy` it is a `text` to be copied into a platform's chat, and `number` the person's
    handle there.
    `held` is why it waits until `due_at`. `promised` is the wall time that the person was told, on
    the clock of `zone`. `only_agent` names the agent who promised to call. `lease_until` is when
    whoever holds it has to have said something.
    """

    task: str
    touch: str
    person: str
    kind: Sort
    number: str
    script: str
    text: str | None
    reason: str
    queue: str
    language: str | None
    state: str
    holder: str | None
    only_agent: str | None
    attempts: int
    held: str | None
    promised: str | None
    zone: str | None
    opened_at: datetime
    due_at: datetime
    useless_after: datetime
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call of a task; without a disposition it is under way."""

    agent: str
    dialled_at: datetime
    ended_at: datetime | None
    disposition: str | None
    note: str | None
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaskTold:
    """A task with the calls that were made of it, in order."""

    task: TaskShown
    calls: list[CallShown]


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks that are not settled, oldest first."""

    tasks: list[TaskShown]


@dataclass(frozen=True, slots=True)
class Agent:
    """Who asks: the key of an agent."""

    agent: Text


@dataclass(frozen=True, slots=True)
class Taking:
    """Who asks, and whether for a `call` or for a text to `copy`."""

    agent: Text
    kind: Sort = "call"


@dataclass(frozen=True, slots=True)
class Copied:
    """The text to paste now, for whom; the attempt counts from this instant."""

    task: str
    handle: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenTask:
    """The call to make now, or null when there is none that may be made."""

    task: TaskShown | None


@dataclass(frozen=True, slots=True)
class Dialled:
    """The number to dial now; the attempt counts from this instant."""

    task: str
    number: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How the call ended, said by the agent who holds it.

    `promised` is a time on the person's own clock, without an offset; with `only_me` this agent
    calls then. `language` is the one that the person asks for, `number` another one of theirs.
    `answers` are what they said, by the key of the question.
    """

    agent: Text
    disposition: Text
    note: Note = ""
    promised: datetime | None = None
    only_me: bool = False
    language: Text | None = None
    number: Text | None = None
    answers: dict[Text, Note] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """The task whose call ended, and how."""

    task: str
    disposition: str


@dataclass(frozen=True, slots=True)
class Slots:
    """Times at which a call may be promised, on the person's own clock."""

    zone: str
    times: list[str]


@router.get("/tasks")
def list_tasks(caller: Authorized, queue: Text | None = None) -> Tasks:
    """The calls that are open, held by somebody, or just ended; of one queue or all."""
    with caller.begin() as tx:
        return Tasks([_shown(task) for task in store.owed(tx, queue=queue)])


@router.post("/tasks/take")
def take_task(caller: Authorized, asking: Taking) -> TakenTask:
    """The next call that may be made now, held by this agent; it is judged again for that.

    With `kind: copy` the next text to be copied into a platform's chat.
    """
    task = desk.take(caller.means, caller.brand, agent=asking.agent, kind=asking.kind)
    return TakenTask(_shown(task) if task else None)


@router.get("/tasks/{task}")
def show_task(caller: Authorized, task: str) -> TaskTold:
    """One task, with every call that was made of it."""
    with caller.begin() as tx:
        found = _found(store.get(tx, ids.read(ids.TASK, task)))
        made = calls.of(tx, [found.id])[found.id]
    return TaskTold(_shown(found), [_call(one) for one in made])


@router.get("/tasks/{task}/slots")
def list_slots(caller: Authorized, task: str) -> Slots:
    """When a call may be promised: in the person's window, and while somebody is on shift."""
    now = caller.means.clock()
    with caller.begin() as tx:
        found = _found(store.get(tx, ids.read(ids.TASK, task)))
        book = promises.bookable(tx, caller.means, found, now=now)
    times = (slots.wall(at, book.zone) for at in book.after(now))
    return Slots(book.zone, [f"{at:%Y-%m-%dT%H:%M}" for at in times])


@router.post("/tasks/{task}/dial")
def dial_task(caller: Authorized, task: str, asking: Agent) -> Dialled:
    """Ask once more, just before dialling. 409 means: do not dial.

    A call that may not be made now goes back to the others; one that is over is withdrawn.
    """
    key = ids.read(ids.TASK, task)
    owed = desk.dial(caller.means, caller.brand, key, agent=asking.agent)
    return Dialled(task, owed.number)


@router.post("/tasks/{task}/copy")
def copy_task(caller: Authorized, task: str, asking: Agent) -> Copied:
    """Ask once more, just before the text is pasted. 409 means: do not send it."""
    owed = desk.copy(caller.means, caller.brand, ids.read(ids.TASK, task), agent=asking.agent)
    return Copied(task, owed.number, owed.script)


@router.post("/tasks/{task}/keep")
def keep_task(caller: Authorized, task: str, asking: Agent) -> TaskShown:
    """Hold a task for another lease."""
    key = ids.read(ids.TASK, task)
    return _shown(desk.keep(caller.means, caller.brand, key, agent=asking.agent))


@router.post("/tasks/{task}/release", status_code=204)
def release_task(caller: Authorized, task: str, asking: Agent) -> None:
    """Give a task back to the others; not once its number was dialled."""
    desk.release(caller.means, caller.brand, ids.read(ids.TASK, task), agent=asking.agent)


@router.post("/tasks/{task}/close")
def close_task(caller: Authorized, task: str, ending: Ending) -> Closed:
    """Say how the call ended. `refused` takes back consent to calls at once.

    Everything else may be taken back for ten seconds, and has its consequences then.
    """
    closing = Closing(
        ending.disposition,
        note=ending.note,
        promised=ending.promised,
        only_me=ending.only_me,
        language=ending.language,
        number=ending.number,
        answers=ending.answers,
    )
    key = ids.read(ids.TASK, task)
    endings.close(caller.means, caller.brand, key, agent=ending.agent, closing=closing)
    return Closed(task, ending.disposition)


@router.post("/tasks/{task}/undo")
def undo_task(caller: Authorized, task: str, asking: Agent) -> TaskShown:
    """Take back how the call ended, within ten seconds."""
    key = ids.read(ids.TASK, task)
    return _shown(endings.undo(caller.means, caller.brand, key, agent=asking.agent))


def _found(task: Task | None) -> Task:
    if task is None:
        raise NotFound("there is no such task")
    return task


def _call(call: Call) -> CallShown:
    return CallShown(
        call.agent, call.dialled_at, call.ended_at, call.disposition, call.note, call.answers
    )


def _shown(task: Task) -> TaskShown:
    return TaskShown(
        task=ids.shown(ids.TASK, task.id),
        touch=ids.shown(ids.TOUCH, task.touch_id),
        person=ids.shown(ids.PERSON, task.person_id),
        kind=task.kind,
        number=task.number,
        script=task.script,
        text=task.script if task.kind == "copy" else None,
        reason=task.reason,
        queue=task.queue,
        language=task.language,
        state=task.state,
        holder=task.holder,
        only_agent=task.only_agent,
        attempts=task.attempts,
        held=task.held,
        promised=task.promised_local,
        zone=task.promised_zone,
        opened_at=task.opened_at,
        due_at=task.due_at,
        useless_after=task.useless_after,
        lease_until=task.lease_until,
    )
