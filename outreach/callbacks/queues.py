"""Where are queues kept, and which of them does an agent work for?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.callbacks import document, shifts
from outreach.callbacks.document import Agent, Disposition, Queue
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import HANDOVER
from outreach.errors import Forbidden, NotFound

_PUT = text("""
    insert into outreach.queues (brand_id, key, document, put_at)
    values (:brand, :key, :document, :now)
    on conflict (brand_id, key) do update
    set document = excluded.document, put_at = excluded.put_at, retired_at = null
""")
_RETIRE = text("""
    update outreach.queues set retired_at = :now where key = :key and retired_at is null
""")
# What has ended goes on by the words of its own queue, and to the heir once it is settled.
_BEQUEATH = text("""
    update outreach.tasks
    set queue = case when kind = 'copy' then :copies else :calls end, needs = '{}', in_house = false
    where queue = :key and state in ('open', 'taken')
""")
_ALL = text("""
    select key, document, retired_at is not null as retired from outreach.queues order by key
""")
_SOURCE = text("select document from outreach.queues where key = :key and retired_at is null")
_HAND_OVER = text("""
    insert into outreach.handovers (brand_id, queue, agent, at, note)
    values (:brand, :queue, :agent, :now, :note)
""")
_HANDED_OVER = text("""
    select one.queue, newest.agent, newest.at, newest.note
    from unnest(cast(:queues as text[])) as one(queue)
    cross join lateral (
        select agent, at, note, id from outreach.handovers h where h.queue = one.queue
        order by at desc, id desc limit :limit) newest
    order by newest.at desc, newest.id desc
""")


@dataclass(frozen=True, slots=True)
class Handover:
    """What one shift left to the next."""

    agent: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The queues of a brand; the built-in one stands in where there is none."""

    queues: tuple[Queue, ...]
    retired: tuple[Queue, ...] = ()

    def queue(self, key: str) -> Queue:
        """The queue of this name; one that is gone has the rules of the built-in one."""
        known = (*self.queues, document.built_in("copy"), document.built_in())
        return next((queue for queue in known if queue.key == key), document.built_in())

    def endings(self, key: str) -> Mapping[str, Disposition]:
        """How calls of this queue may end, even after it was retired."""
        gone = next((queue for queue in self.retired if queue.key == key), None)
        return (gone or self.queue(key)).endings

    def gone(self, key: str) -> bool:
        """Whether this queue was retired."""
        return any(queue.key == key for queue in self.retired)

    def agent(self, key: str) -> Agent | None:
        """The agent of this name, as the first queue that has them says."""
        return next((found for queue in self.queues if (found := queue.agent(key))), None)

    def worked_by(self, key: str) -> list[Queue]:
        """The queues from which this agent gets calls. Raises `Forbidden` for a stranger.

        What no queue takes goes to anybody whom some queue knows.
        """
        anybodys = [document.built_in(), document.built_in("copy")]
        if not any(queue.agents for queue in self.queues):
            return [*self.queues, *anybodys]
        if self.agent(key) is None:
            raise Forbidden(f"no queue has an agent {key!r}; `outreach queues show` lists them")
        own = [queue for queue in self.queues if queue.agent(key) or not queue.agents]
        return [*own, *anybodys]

    def able(
        self, queue: str, *, language: str | None, needs: tuple[str, ...], in_house: bool
    ) -> tuple[Agent, ...] | None:
        """Who may make such a call of this queue; None: anybody, at any time."""
        agents = self.queue(queue).agents
        if not agents:
            return None
        return shifts.able(agents, language=language, needs=needs, in_house=in_house)


def put(tx: Connection, brand: BrandRef, source: str, *, name: str, now: datetime) -> Queue:
    """Keep this queue for the brand, in the place of one of the same key. Raises `Invalid`."""
    queue = document.read(source, name)
    tx.execute(_PUT, {"brand": brand.id, "key": queue.key, "document": source, "now": now})
    return queue


def source(tx: Connection, key: str) -> str:
    """The document of a queue as it was written. Raises `NotFound`."""
    found: str | None = tx.execute(_SOURCE, {"key": key}).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no queue {key!r}; `outreach queues list` shows them")
    return found


def retire(tx: Connection, key: str, *, now: datetime) -> None:
    """End a queue; its calls go to whoever works for the built-in one. Raises `NotFound`."""
    if not tx.execute(_RETIRE, {"key": key, "now": now}).rowcount:
        raise NotFound(f"there is no queue {key!r}; `outreach queues list` shows them")
    bequeath(tx, key)


def bequeath(tx: Connection, key: str) -> None:
    """Give what a queue owes to whoever works for the built-in one of its kind."""
    heirs = {"calls": document.BUILT_IN["call"], "copies": document.BUILT_IN["copy"]}
    tx.execute(_BEQUEATH, {"key": key} | heirs)


def desk(tx: Connection) -> Desk:
    """The brand's queues."""
    kept = [(document.read(row.document, row.key), row.retired) for row in tx.execute(_ALL)]
    return Desk(
        tuple(queue for queue, retired in kept if not retired),
        tuple(queue for queue, retired in kept if retired),
    )


def hand_over(
    tx: Connection, brand: BrandRef, queue: str, *, agent: str, note: str, now: datetime
) -> None:
    """Leave a note to the next shift of a queue."""
    values = {"brand": brand.id, "queue": queue, "agent": agent, "now": now}
    kept = sealed.seal(tx, HANDOVER, note, queue, agent, now)
    tx.execute(_HAND_OVER, values | {"note": kept})


def handed_over(tx: Connection, queue: str, *, limit: int = 10) -> list[Handover]:
    """The newest notes of a queue, newest first."""
    return notes(tx, [queue], limit=limit)[queue]


def notes(tx: Connection, queues: Sequence[str], *, limit: int) -> dict[str, list[Handover]]:
    """The same of each of these queues, in one statement."""
    found: dict[str, list[Handover]] = {queue: [] for queue in queues}
    for row in tx.execute(_HANDED_OVER, {"queues": list(queues), "limit": limit}):
        note = sealed.opened(tx, HANDOVER, row.note, row.queue, row.agent, row.at) or ""
        found[row.queue].append(Handover(row.agent, row.at, note))
    return found
