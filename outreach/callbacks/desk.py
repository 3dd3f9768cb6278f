"""May this agent call this person now, and what came of the call?

A task was lawful when it was opened. Before an agent gets to see it, and again before the number is
dialled, it is judged anew: the window may have closed, the person may have withdrawn, the passage
may have ended. A call that is not to be made any more was not made, and its touch says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, repeat
from uuid import UUID

from sqlalchemy import Connection

from optout import identity
from optout.errors import UnreadableIdentity
from optout.model import Action, Channel, How
from outreach import ids
from outreach.brands import store as brands
from outreach.callbacks import asking, calls, document, judging, promises, queues, store
from outreach.callbacks.document import Disposition
from outreach.callbacks.may import Later, May
from outreach.callbacks.model import Task
from outreach.callbacks.queues import Desk
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.mark import lock_addresses
from outreach.dispatch.means import Means
from outreach.errors import Conflict, Invalid, NotFound
from outreach.inbound.consent import Change, change_person
from outreach.sentences import nearest

UNDO = timedelta(seconds=10)
"""For so long an agent may take back how a call ended."""

DISPOSITIONS = tuple(document.built_in().endings)
"""How calls may end where a queue says nothing of it."""

_AT_ONCE = (1, 8, 32, 128)  # how many are looked at together, as long as none may be made


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


def take(means: Means, brand: BrandRef, *, agent: str) -> Task | None:
    """The next call that this agent may make now, held by them; None when there is none.

    Raises `Forbidden` for an agent whom no queue knows.
    """
    now = means.clock()
    with means.database.begin(brand) as tx:
        desk = queues.desk(tx)
        desk.worked_by(agent)
        if brands.get(tx).stopped:
            return None
        for tasks in _in_growing_numbers(tx, desk, agent, now):
            judged = judging.judged(tx, means, tasks, now=now)
            judging.heed(tx, judged.said, now=now)
            if found := judging.first_free(tasks, judged.said):
                task, number = found
                lease = desk.queue(task.queue).lease
                return store.take(tx, task.id, agent=agent, number=number, lease=lease, now=now)
    return None


def _in_growing_numbers(
    tx: Connection, desk: Desk, agent: str, now: datetime
) -> Iterator[list[Task]]:
    """What the agent may be given, more at a time as long as what was seen has been put aside."""
    worked = desk.worked_by(agent)
    sizes = chain(_AT_ONCE, repeat(_AT_ONCE[-1]))
    while tasks := store.next_open(
        tx,
        agent,
        desk.agent(agent),
        [queue.key for queue in worked],
        patience=max(queue.patience for queue in worked),
        now=now,
        limit=next(sizes),
    ):
        yield tasks


def dial(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Ask once more, now that the number is to be dialled; the attempt counts from this instant.

    Asked again while the call is under way it answers the same and counts nothing. A call that is
    not to be made now goes back to the others, or is withdrawn. Raises `NotFound`, or `Conflict`
    when it is not theirs or may not be made.
    """
    with means.database.begin(brand) as tx:
        task, going = _held_to_dial(tx, means, task_id, agent)
        now = means.clock()
        if task.dialled_at:
            return task
        judged = judging.judged(tx, means, [task], now=now)
        said = judged.said[task_id]
        if isinstance(said, May) and going:
            lease = queues.desk(tx).queue(task.queue).lease
            hash_ = judging.address_of(means, said.number).hash
            judged_for = replace(task, number=said.number)
            calls.begin(
                tx, brand, judged_for, agent=agent, address_hash=hash_, lease=lease, now=now
            )
            return store.lock(tx, task_id) or task
        if isinstance(said, May):
            store.release(tx, [task_id], due=now, now=now)
        judging.heed(tx, judged.said, now=now)
    why = "it may not be made now, and waits again"
    raise Conflict(f"do not dial: {why if isinstance(said, May | Later) else said.reason}")


def _held_to_dial(tx: Connection, means: Means, task_id: UUID, agent: str) -> tuple[Task, bool]:
    """The task under the locks of a mark, and whether brand and campaign go on."""
    seen = store.get(tx, task_id)
    if seen is None:
        raise NotFound("there is no such task")
    going = claims.lock_going_on(tx, [seen.campaign_id], [seen.person_id])
    touches = claims.get(tx, [seen.touch_id])
    lock_addresses(tx, means, brands.get(tx), list(touches.values()))
    return _held(tx, task_id, agent), seen.campaign_id in going


def keep(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Hold a task for another lease. Raises `NotFound`, or `Conflict` when it is not theirs."""
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        return store.keep(tx, task_id, lease=queues.desk(tx).queue(task.queue).lease)


def release(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> None:
    """Give a task back to the others. Raises `NotFound`, or `Conflict` once it was dialled."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        if task.dialled_at:
            raise Conflict("the number was dialled: say how the call ended")
        store.release(tx, [task_id], due=now, now=now)


def close(means: Means, brand: BrandRef, task_id: UUID, *, agent: str, closing: Closing) -> Task:
    """Say how the call ended. For ten seconds that may be taken back; what follows comes then.

    A refusal is written down at once and first, even when the agent's time with the task is over.
    Raises `NotFound`, `Conflict` when it is not theirs, and `Invalid` when something is missing: a
    question that must be asked, a time, a language.
    """
    now = means.clock()
    _heed_refusal(means, brand, task_id, agent=agent, closing=closing)
    with means.database.begin(brand) as tx:
        task = _held(tx, task_id, agent)
        ending = _ending(queues.desk(tx), task, closing.disposition)
        said = _said(tx, means, task, ending, closing, now=now)
        if ending.means == "reached":
            asking.refuse_unasked(tx, means, task, closing.answers)
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
        desk = queues.desk(tx)
        if task.state != "ended" or task.holder != agent or not store.undoable(tx, task_id, now):
            raise Conflict(f"the task is {task.state}: there is nothing to take back any more")
        if desk.queue(task.queue).endings[str(task.disposition)].means == "refused":
            raise Conflict("a refusal holds at once; lift it with the person's own word")
        calls.undo(tx, task, lease=desk.queue(task.queue).lease)
        return store.get(tx, task_id) or task


def _ending(desk: Desk, task: Task, key: str) -> Disposition:
    endings = desk.queue(task.queue).endings
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
    if closing.number:
        said["number"] = _number(closing.number)
    if ending.means == "language":
        if not closing.language:
            raise Invalid("say which `language` the person asks for, such as pt or zh-CN")
        said["language"] = closing.language
    if ending.means == "promised":
        if closing.promised is None:
            raise Invalid("say when the call is `promised`: a time on the person's own clock")
        only = closing.only_me
        said |= promises.checked(tx, means, task, closing.promised, only_me=only, now=now)
    return said


def _number(written: str) -> str:
    try:
        return identity.phone(written).value
    except UnreadableIdentity as error:
        raise Invalid(f"the other number cannot be read: {error}") from error


def _undialled(tx: Connection, means: Means, brand: BrandRef, task: Task, now: datetime) -> int:
    """A call that was made without asking once more counts from when its task was taken."""
    hash_ = judging.address_of(means, task.number).hash
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
    change = Change(Action.WITHDRAW, How.DISPOSITION, evidence, channel=Channel.VOICE)
    change_person(means, brand, task.person_id, change)


def _held(tx: Connection, task_id: UUID, agent: str) -> Task:
    task = store.lock(tx, task_id)
    if task is None:
        raise NotFound("there is no such task")
    if task.state != "taken" or task.holder != agent:
        raise Conflict(f"the task is {task.state} and held by {task.holder or 'nobody'}")
    return task
