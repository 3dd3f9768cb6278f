"""May this agent call this person now, and on which number?

A task was lawful when it was opened. Before an agent gets to see it, and again before the number is
dialled, it is judged anew: the window may have closed, the person may have withdrawn, the passage
may have ended. A call that is not to be made any more was not made, and its touch says so.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, repeat
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.callbacks import calls, judging, queues, store
from outreach.callbacks.may import Later, May
from outreach.callbacks.model import Sort, Task
from outreach.callbacks.queues import Desk
from outreach.db.engine import BrandRef
from outreach.dispatch import claims
from outreach.dispatch.mark import lock_addresses
from outreach.dispatch.means import Means
from outreach.errors import Conflict, NotFound

_AT_ONCE = (1, 8, 32, 128)  # how many are looked at together, as long as none may be made


def take(means: Means, brand: BrandRef, *, agent: str, kind: Sort = "call") -> Task | None:
    """The next call that this agent may make now, held by them; None when there is none.

    Or the next text to copy, for whoever asks for that kind. Raises `Forbidden` for an agent whom
    no queue knows.
    """
    now = means.clock()
    with means.database.begin(brand) as tx:
        desk = queues.desk(tx)
        desk.worked_by(agent)
        if brands.get(tx).stopped:
            return None
        for tasks in _in_growing_numbers(tx, desk, agent, kind, now):
            judged = judging.judged(tx, means, tasks, now=now)
            judging.heed(tx, judged.said, now=now)
            if found := judging.first_free(tasks, judged.said):
                task, number = found
                lease = desk.queue(task.queue).lease
                return store.take(tx, task.id, agent=agent, number=number, lease=lease, now=now)
    return None


def _in_growing_numbers(
    tx: Connection, desk: Desk, agent: str, kind: Sort, now: datetime
) -> Iterator[list[Task]]:
    """What the agent may be given, more at a time as long as what was seen has been put aside."""
    sizes = chain(_AT_ONCE, repeat(_AT_ONCE[-1]))
    while tasks := _given(tx, desk, agent, kind, now, limit=next(sizes)):
        yield tasks


def _given(
    tx: Connection,
    desk: Desk,
    agent: str,
    kind: Sort,
    now: datetime,
    *,
    limit: int,
    only: UUID | None = None,
) -> list[Task]:
    worked = [queue for queue in desk.worked_by(agent) if queue.takes.kind == kind]
    return store.next_open(
        tx,
        agent,
        desk.agent(agent),
        [queue.key for queue in worked],
        kind=kind,
        patience=max(queue.patience for queue in worked),
        now=now,
        limit=limit,
        only=only,
    )


def dial(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Ask once more, now that the number is to be dialled; the attempt counts from this instant.

    A call that nobody holds becomes this agent's for it, if it is one that they may be given. Asked
    again while the call is under way it answers the same and counts nothing. A call that is not to
    be made now goes back to the others, or is withdrawn. Raises `NotFound`, `Forbidden` for an
    agent whom no queue knows, or `Conflict` when it is not theirs or may not be made.
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
            hash_ = judging.address_of(means, task, said.number).hash
            judged_for = replace(task, number=said.number)
            calls.begin(
                tx, brand, judged_for, agent=agent, address_hash=hash_, lease=lease, now=now
            )
            return store.lock(tx, task_id) or task
        if isinstance(said, May):
            store.release(tx, [task_id], due=now, now=now)
        judging.heed(tx, judged.said, now=now)
    why = "it may not be made now, and waits again"
    never = "paste" if task.kind == "copy" else "dial"
    raise Conflict(f"do not {never}: {why if isinstance(said, May | Later) else said.reason}")


def copy(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Ask once more, now that the text is to be pasted; as `dial` for a call, and raises as it.

    Raises `Conflict` for a call as well: its script is nothing to be pasted.
    """
    with means.database.begin(brand) as tx:
        seen = store.get(tx, task_id)
    if seen is not None and seen.kind != "copy":
        raise Conflict("this is a call: dial its number")
    return dial(means, brand, task_id, agent=agent)


def _held_to_dial(tx: Connection, means: Means, task_id: UUID, agent: str) -> tuple[Task, bool]:
    """The task under the locks of a mark, held, and whether brand and campaign go on."""
    seen = store.get(tx, task_id)
    if seen is None:
        raise NotFound("there is no such task")
    going = claims.lock_going_on(tx, [seen.campaign_id], [seen.person_id])
    touches = claims.get(tx, [seen.touch_id])
    given = [seen.identity(one) for one in (seen.number, seen.other_number) if one]
    lock_addresses(tx, means, brands.get(tx), list(touches.values()), also=given)
    task = store.lock(tx, task_id)
    if task and task.state == "open":
        _take_to_dial(tx, task, agent, means.clock())
    return held(tx, task_id, agent), seen.campaign_id in going


def _take_to_dial(tx: Connection, task: Task, agent: str, now: datetime) -> None:
    """Who was shown the call in another system takes it as they dial."""
    desk = queues.desk(tx)
    if not _given(tx, desk, agent, task.kind, now, limit=1, only=task.id):
        raise Conflict("the task is open, and not this agent's to make now")
    lease = desk.queue(task.queue).lease
    store.take(tx, task.id, agent=agent, number=task.number, lease=lease, now=now)


def keep(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> Task:
    """Hold a task for another lease. Raises `NotFound`, or `Conflict` when it is not theirs."""
    with means.database.begin(brand) as tx:
        task = held(tx, task_id, agent)
        return store.keep(tx, task_id, lease=queues.desk(tx).queue(task.queue).lease)


def release(means: Means, brand: BrandRef, task_id: UUID, *, agent: str) -> None:
    """Give a task back to the others. Raises `NotFound`, or `Conflict` once it was dialled."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        task = held(tx, task_id, agent)
        if task.dialled_at:
            raise Conflict("the number was dialled: say how the call ended")
        store.release(tx, [task_id], due=now, now=now)


def held(tx: Connection, task_id: UUID, agent: str) -> Task:
    """The task, locked. Raises `NotFound`, or `Conflict` when it is not this agent's."""
    task = store.lock(tx, task_id)
    if task is None:
        raise NotFound("there is no such task")
    if task.state != "taken" or task.holder != agent:
        raise Conflict(f"the task is {task.state} and held by {task.holder or 'nobody'}")
    return task
