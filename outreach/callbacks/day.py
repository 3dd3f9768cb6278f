"""What has an agent in hand, and what came of their calls today?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach import timezones
from outreach.callbacks import store
from outreach.callbacks.model import Task
from outreach.callbacks.queues import Desk

_IN_HAND = text(f"""
    select {store.columns("k")} from outreach.tasks k
    where (state = 'taken' or (state = 'ended' and look_at > :now)) and holder = :agent
    order by taken_at limit :limit
""")
# In the order in which they are given out.
_WAITING = text(f"""
    select {store.columns("k")} from outreach.tasks k
    where state = 'open' and kind = 'call' and queue = any(:queues)
    order by rank, due_at, id limit :limit
""")
_COPIES = text("""
    select count(*) from (select from outreach.tasks k
        where state = 'open' and kind = 'copy' and queue = any(:queues) and due_at <= :now
        limit :most) as due
""")
_RESULTS = text("""
    select c.disposition, count(*) as many,
           sum(extract(epoch from c.ended_at - c.dialled_at)) as seconds
    from outreach.calls c join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
    where k.kind = 'call' and c.queue = any(:queues) and c.ended_at >= :since and c.agent = :agent
    group by c.disposition order by many desc, c.disposition
""")
_MOST_IN_HAND = 20
_MOST_COPIES = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """How many calls ended so, and how many seconds they took together."""

    disposition: str
    many: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Day:
    """An agent's day: what they hold, which calls wait in their queues, how the day's calls ended.

    `copies` is how many texts are due to be copied, counted to a thousand.
    """

    in_hand: tuple[Task, ...]
    waiting: tuple[Task, ...]
    results: tuple[Result, ...]
    copies: int


def of(tx: Connection, desk: Desk, agent: str, *, zone: str, now: datetime, limit: int = 50) -> Day:
    """The day of this agent since midnight, on their own clock or else that of `zone`.

    Four statements. In hand is a call, too, whose ending may still be taken back. Raises
    `Forbidden` for an agent whom no queue knows.
    """
    queues = [queue.key for queue in desk.worked_by(agent)]
    known = desk.agent(agent)
    named = {"agent": agent, "queues": queues, "now": now}
    since = {"since": _midnight(now, known.zone if known else zone)}
    in_hand = tx.execute(_IN_HAND, named | {"limit": _MOST_IN_HAND})
    waiting = tx.execute(_WAITING, named | {"limit": limit})
    return Day(
        in_hand=tuple(store.task_of(tx, row) for row in in_hand),
        waiting=tuple(store.task_of(tx, row) for row in waiting),
        results=tuple(
            Result(row.disposition, row.many, float(row.seconds or 0))
            for row in tx.execute(_RESULTS, named | since)
        ),
        copies=int(tx.execute(_COPIES, named | {"most": _MOST_COPIES}).scalar_one()),
    )


def _midnight(now: datetime, zone: str) -> datetime:
    local = now.astimezone(timezones.load(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
