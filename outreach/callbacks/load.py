"""How are the queues doing: what waits, what is late, who is there, and what did each agent do?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.callbacks import openings, shifts, store
from outreach.callbacks.document import Queue
from outreach.callbacks.model import Task
from outreach.callbacks.pacing import Room
from outreach.callbacks.queues import Desk

# Two parts, since each state has an index of its own.
_WAITING = text("""
    select queue, count(*) as open, count(*) filter (where due_at <= :now) as due,
           count(*) filter (where promised_at <= :now) as late, min(due_at) as oldest, 0 as taken
    from outreach.tasks where state = 'open' group by queue
    union all
    select queue, 0, 0, 0, null, count(*) from outreach.tasks where state = 'taken' group by queue
""")
_DONE = text("""
    select c.agent, count(*) as calls,
           sum(extract(epoch from c.ended_at - c.dialled_at)) as seconds,
           count(*) filter (where c.disposition = :gone) as gone
    from outreach.calls c join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
    where k.kind = 'call' and c.queue = any(:queues) and c.ended_at >= :since
    group by c.agent order by calls desc, c.agent limit :limit
""")
_LATE = text(f"""
    select {store.columns("k")} from outreach.tasks k
    where state = 'open' and promised_at <= :now order by promised_at, id limit :limit
""")


@dataclass(frozen=True, slots=True)
class Load:
    """A queue now: calls open, of those due and promised for a time that has passed, and taken.

    `room` is how many more it may be given, None where nothing paces it.
    """

    queue: Queue
    open: int
    due: int
    late: int
    taken: int
    oldest: datetime | None
    on_shift: tuple[str, ...]
    room: Room | None


@dataclass(frozen=True, slots=True)
class Done:
    """What an agent did: calls, the minutes they took, and calls from which nobody came back."""

    agent: str
    calls: int
    minutes: float
    gone: int


@dataclass(frozen=True, slots=True)
class _Counted:
    open: int = 0
    due: int = 0
    late: int = 0
    taken: int = 0
    oldest: datetime | None = None


def of(tx: Connection, desk: Desk, *, now: datetime) -> list[Load]:
    """Every queue of the brand, and those without a document that have calls.

    A fixed number of statements.
    """
    counted = _counted(tx, now)
    rooms = openings.rooms_of(tx, desk.queues, now=now)
    kept = {queue.key: queue for queue in desk.queues}
    others = {key: desk.queue(key) for key in counted if key not in kept}
    return [_load(queue, counted, rooms, now) for queue in (kept | others).values()]


def done(tx: Connection, desk: Desk, *, since: datetime, limit: int = 100) -> list[Done]:
    """What each agent did since then, the busiest first."""
    queues = [queue.key for queue in (*desk.queues, desk.queue(""))]
    values = {"queues": queues, "since": since, "gone": store.AGENT_GONE, "limit": limit}
    return [
        Done(row.agent, row.calls, float(row.seconds or 0) / 60, row.gone)
        for row in tx.execute(_DONE, values)
    ]


def late(tx: Connection, *, now: datetime, limit: int = 50) -> list[Task]:
    """Calls that were promised for a time which has passed, the oldest promise first."""
    return [store.task_of(tx, row) for row in tx.execute(_LATE, {"now": now, "limit": limit})]


def _counted(tx: Connection, now: datetime) -> dict[str, _Counted]:
    found: dict[str, _Counted] = {}
    for row in tx.execute(_WAITING, {"now": now}):
        known = found.get(row.queue, _Counted())
        found[row.queue] = _Counted(
            known.open + row.open, known.due + row.due, known.late + row.late,
            known.taken + row.taken, known.oldest or row.oldest,
        )  # fmt: skip
    return found


def _load(
    queue: Queue, counted: Mapping[str, _Counted], rooms: Mapping[str, Room], now: datetime
) -> Load:
    many = counted.get(queue.key, _Counted())
    there = tuple(agent.name for agent in shifts.staff(queue, now))
    return Load(
        queue, many.open, many.due, many.late, many.taken, many.oldest, there, rooms.get(queue.key)
    )
