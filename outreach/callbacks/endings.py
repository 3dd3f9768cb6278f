"""How did the call end, and may that still be taken back?

Said by its agent, or by another system in which the call was made. What follows from it comes once
nobody takes it back any more (`settling`); a refusal holds at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from optout import identity
from optout.errors import UnreadableIdentity
from optout.model import Action, How
from outreach import ids, shapes
from outreach.callbacks import (
    answering,
    asking,
    calls,
    desk,
    document,
    judging,
    promises,
    queues,
    store,
)
from outreach.callbacks.document import Disposition
from outreach.callbacks.model import Task
from outreach.callbacks.queues import Desk
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound.consent import Change, change_person
from outreach.sentences import nearest

UNDO = timedelta(seconds=10)
"""For so long an agent may take back how a call ended."""

DISPOSITIONS = (*document.built_in().endings, *document.built_in("copy").endings)
"""How calls may end where a queue says nothing of it."""

_LOCALE: TypeAdapter[str] = TypeAdapter(shapes.Locale)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a call ended, as its agent says it.

    `promised` is a wall time on the person's clock, `number` another number of theirs, `language`
    the one that they ask for. `answers` are what they said, by the key of the question. `word`
    names what another system said, so that it is heard once.
    """

    disposition: str
    note: str = ""
    promised: datetime | None = None
    only_me: bool = False
    language: str | None = None
    number: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    word: str | None = None


def close(means: Means, brand: BrandRef, task_id: UUID, *, agent: str, closing: Closing) -> Task:
    """Say how the call ended. For ten seconds that may be taken back; what follows comes then.

    A refusal is written down at once and first, even when the agent's time with the task is over.
    Raises `NotFound`, `Conflict` when it is not theirs, and `Invalid` when something is missing: a
    question that must be asked, a time, a language.
    """
    now = means.clock()
    _heed_refusal(means, brand, task_id, agent=agent, closing=closing)
    with means.database.begin(brand) as tx:
        task = desk.held(tx, task_id, agent)
        ending = _ending(queues.desk(tx), task, closing.disposition)
        said = _said(tx, means, task, ending, closing, now=now)
        if ending.means == "reached" and task.kind == "call":
            asking.refuse_unasked(tx, means, task, closing.answers)
            answering.refuse_unread(tx, means, task, closing.answers)
        number = task.attempts if task.dialled_at else _undialled(tx, means, brand, task, now)
        calls.end(
            tx, task,
            number=number, disposition=ending.key, note=closing.note,
            answers=closing.answers, said=said, now=now, final=now + UNDO,
        )  # fmt: skip
        return store.get(tx, task_id) or task


def report(means: Means, brand: BrandRef, task_id: UUID, *, agent: str, closing: Closing) -> None:
    """Take in how a call ended that was made in another system; said twice it is one call.

    A task that nobody holds becomes that agent's for it. Of one that is over here only a refusal
    is heeded. Raises as `close` does.
    """
    with means.database.begin(brand) as tx:
        task = store.lock(tx, task_id)
        if task is None:
            raise NotFound("there is no such task")
        if _was_heard(tx, task, closing):
            return
        over = task.state in {"closed", "withdrawn"}
        if task.state == "open":
            lease = queues.desk(tx).queue(task.queue).lease
            now = means.clock()
            store.take(tx, task_id, agent=agent, number=task.number, lease=lease, now=now)
    if over:
        _heed_refusal(means, brand, task_id, agent=agent, closing=closing)
    else:
        close(means, brand, task_id, agent=agent, closing=closing)


def _was_heard(tx: Connection, task: Task, closing: Closing) -> bool:
    if task.state in {"ended", "closed"} and task.disposition == closing.disposition:
        return True
    made = calls.of(tx, [task.id])[task.id]
    return closing.word is not None and any(c.said.get("word") == closing.word for c in made)


def undo(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Take back how the call ended, within ten seconds. Raises `NotFound`, or `Conflict`.

    A refusal is not taken back: it holds since it was said, and only the person lifts it.
    """
    now = means.clock()
    with means.database.begin(brand) as tx:
        task = store.lock(tx, task_id)
        if task is None:
            raise NotFound("there is no such task")
        known = queues.desk(tx)
        if task.state != "ended" or task.holder != agent or not store.undoable(tx, task_id, now):
            raise Conflict(f"the task is {task.state}: there is nothing to take back any more")
        ending = known.endings(task.queue).get(str(task.disposition))
        if ending and ending.means == "refused":
            raise Conflict("a refusal holds at once; lift it with the person's own word")
        calls.undo(tx, task, lease=known.queue(task.queue).lease)
        if known.gone(task.queue):
            queues.bequeath(tx, task.queue)
        return store.get(tx, task_id) or task


def _ending(known: Desk, task: Task, key: str) -> Disposition:
    endings = known.queue(task.queue).endings
    if key not in endings:
        raise Invalid(f"{key!r} is no disposition{nearest(key, endings)}")
    return endings[key]


def _said(
    tx: Connection,
    means: Means,
    task: Task,
    ending: Disposition,
    closing: Closing,
    *,
    now: datetime,
) -> dict[str, object]:
    """What the agent said beside the disposition, checked."""
    said: dict[str, object] = {"word": closing.word} if closing.word else {}
    if closing.number and task.kind == "copy":
        raise Invalid("another `number` is for calls: this is a text to copy")
    if closing.number:
        said["number"] = _number(closing.number)
    if ending.means == "language":
        if not closing.language:
            raise Invalid("say which `language` the person asks for, such as pt or zh-CN")
        said["language"] = _language(closing.language)
    if ending.means == "promised":
        if closing.promised is None:
            raise Invalid("say when the call is `promised`: a time on the person's own clock")
        only = closing.only_me
        said |= promises.checked(tx, means, task, closing.promised, only_me=only, now=now)
    return said


def _language(written: str) -> str:
    try:
        return _LOCALE.validate_python(written.strip())
    except ValidationError as error:
        raise Invalid(f"{written!r} is no language: write one such as pt or zh-CN") from error


def _number(written: str) -> str:
    try:
        return identity.phone(written).value
    except UnreadableIdentity as error:
        raise Invalid(f"the other number cannot be read: {error}") from error


def _undialled(tx: Connection, means: Means, brand: BrandRef, task: Task, now: datetime) -> int:
    """A call that was made without asking once more counts from when its task was taken."""
    hash_ = judging.address_of(means, task, task.number).hash
    at = task.taken_at or now
    agent, lease = task.holder or "", UNDO
    return calls.begin(tx, brand, task, agent=agent, address_hash=hash_, lease=lease, now=at)


def _heed_refusal(
    means: Means, brand: BrandRef, task_id: UUID, *, agent: str, closing: Closing
) -> None:
    """A conversation may outlast its lease; a task in another agent's hands is left alone."""
    with means.database.begin(brand) as tx:
        task = store.get(tx, task_id)
        if task is None:
            raise NotFound("there is no such task")
        ending = _ending(queues.desk(tx), task, closing.disposition)
    if ending.means == "refused" and task.holder in {None, agent}:
        _withdraw(means, brand, task)


def _withdraw(means: Means, brand: BrandRef, task: Task) -> None:
    evidence = ids.shown(ids.TASK, task.id)
    change = Change(Action.WITHDRAW, How.DISPOSITION, evidence, channel=task.channel)
    change_person(means, brand, task.person_id, change)
