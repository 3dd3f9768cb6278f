"""Where are the calls kept that agents owe?

Statements work on sets; whoever takes tasks passes over those that another is just taking. Leases
run on the database's clock, everything else on the application's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach.callbacks.document import Agent
from outreach.callbacks.model import Sort, Task
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import TASK_NOTE, TASK_NUMBER, TASK_OTHER, TASK_SCRIPT

AGENT_GONE = "agent_gone"
"""How a call ended whose agent did not come back to say."""

_SEALED = (TASK_NUMBER, TASK_OTHER, TASK_SCRIPT, TASK_NOTE)
_COLUMNS = ", ".join(field.name for field in fields(Task))
_OPEN = text("""
    insert into outreach.tasks
        (brand_id, id, touch_id, campaign_id, person_id, kind, number, script, reason, queue,
         language, needs, in_house, rank, promised_local, promised_zone, promised_at, opened_at,
         due_at, look_at, useless_after)
    select :brand, t.id, t.id, t.campaign_id, t.person_id,
           case when t.channel = 'voice' then 'call' else 'copy' end,
           given.number, given.script, given.reason, given.queue, given.language,
           array(select jsonb_array_elements_text(given.needs)),
           given.in_house, given.rank, given.promised_local, given.promised_zone,
           given.promised_at, :now, coalesce(given.promised_at, :now), :now, t.useless_after
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, number text, script text, reason text, queue text, language text, needs jsonb,
        in_house boolean, rank smallint, promised_local text, promised_zone text,
        promised_at timestamptz)
    join outreach.touches t on t.id = given.id
    order by t.id
    on conflict (brand_id, id) do nothing
""")
_OWED = text(f"""
    select {_COLUMNS} from outreach.tasks where state in ('open', 'taken', 'ended')
      and (cast(:queue as text) is null or queue = :queue)
    order by opened_at, id limit :limit
""")
_OPENED = text("select touch_id from outreach.tasks where id = any(:touches)")
_GET = text(f"select {_COLUMNS} from outreach.tasks where id = :id")
_LOCK = text(f"select {_COLUMNS} from outreach.tasks where id = :id for update")
# What an agent may be given, first by rank. Tasks that another agent is just taking are passed
# over; what a paused campaign owes stays where it is. A language is asked for by its first part.
_NEXT = text(f"""
    select {_COLUMNS} from outreach.tasks
    where state = 'open' and kind = :kind and queue = any(:queues) and due_at <= :now
      and (only_agent is null or only_agent = :agent
           or due_at <= cast(:now as timestamptz) - :patience)
      and (:anywhere or not in_house)
      and (:any_language or language is null or split_part(language, '-', 1) = any(:languages))
      and (:any_skill or needs <@ cast(:skills as text[]))
      and campaign_id not in (select id from outreach.campaigns where state = 'paused')
      and (cast(:only as uuid) is null or id = :only)
    order by rank, due_at, id limit :limit for update skip locked
""")
_TAKE = text(f"""
    update outreach.tasks
    set state = 'taken', holder = :agent, taken_at = :now, dialled_at = null, held = null,
        lease_until = now() + :lease, look_at = null, number = :number
    where id = :id
    returning {_COLUMNS}
""")
_KEEP = text(f"""
    update outreach.tasks set lease_until = now() + :lease where id = :id returning {_COLUMNS}
""")
_PUT_OFF = text("""
    update outreach.tasks k set due_at = given.due_at, held = given.held, state = 'open',
        holder = null, taken_at = null, dialled_at = null, lease_until = null,
        look_at = coalesce(k.look_at, :now)
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, due_at timestamptz, held text)
    where k.id = given.id and k.state in ('open', 'taken')
""")
_WITHDRAW = text("""
    with gone as (
        update outreach.tasks k
        set state = 'withdrawn', note = given.note, closed_at = :now, holder = null,
            lease_until = null, look_at = null, held = null
        from unnest(cast(:ids as uuid[]), cast(:reasons as text[]), cast(:notes as text[]))
            as given(id, reason, note)
        where k.id = given.id and k.state in ('open', 'taken')
        returning k.touch_id, given.reason
    )
    update outreach.touches t set state = 'failed', reason = gone.reason, settled_at = :now
    from gone where t.id = gone.touch_id and t.state in ('sent', 'uncertain')
""")
_RELEASE = text("""
    update outreach.tasks
    set state = 'open', holder = null, taken_at = null, dialled_at = null, lease_until = null,
        due_at = greatest(due_at, :due), look_at = :now
    where id = any(:ids)
""")
_UNDOABLE = text("select look_at > :now from outreach.tasks where id = :id")
# An agent who did not come back: what they had not dialled goes to the others at once. What they
# had may have reached the person, so it waits a while, and the next agent sees that it was dialled.
_LAPSED = text("""
    with gone as (
        select id, attempts, dialled_at from outreach.tasks
        where state = 'taken' and lease_until < now() order by id for update skip locked
    ), ended as (
        update outreach.calls c set ended_at = :now, disposition = :gone, settled_at = :now
        from gone where c.task_id = gone.id and c.number = gone.attempts
            and gone.dialled_at is not null
    )
    update outreach.tasks k
    set state = 'open', holder = null, taken_at = null, dialled_at = null, lease_until = null,
        due_at = case when gone.dialled_at is null then k.due_at
                 else greatest(k.due_at, cast(:later as timestamptz)) end,
        held = case when gone.dialled_at is null then k.held else :gone end, look_at = :now
    from gone where k.id = gone.id
""")
_TO_LOOK_AT = text(f"""
    select {_COLUMNS} from outreach.tasks where state = 'open' and look_at <= :now
    order by look_at limit :limit for update skip locked
""")
_LOOKED = text("update outreach.tasks set look_at = :again where id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Opening:
    """A call to be opened: for which touch, whom to dial, what to say, and where it goes."""

    touch_id: UUID
    number: str
    script: str
    reason: str
    queue: str
    language: str | None
    needs: tuple[str, ...]
    in_house: bool
    rank: int
    promised_local: str | None = None
    promised_zone: str | None = None
    promised_at: datetime | None = None


def open_all(tx: Connection, brand: BrandRef, calls: Iterable[Opening], *, now: datetime) -> None:
    """Owe these calls; each once, however often it is asked. A task has the id of its touch."""
    rows = [_opened(tx, one) for one in calls]
    tx.execute(_OPEN, {"brand": brand.id, "rows": json.dumps(rows), "now": now})


def owed(tx: Connection, *, queue: str | None = None, limit: int = 1000) -> list[Task]:
    """The calls that are open, taken, or ended and not settled; oldest first."""
    return [task_of(tx, row) for row in tx.execute(_OWED, {"queue": queue, "limit": limit})]


def opened(tx: Connection, touches: Sequence[UUID]) -> set[UUID]:
    """Those of these touches whose call was opened."""
    return {row.touch_id for row in tx.execute(_OPENED, {"touches": list(touches)})}


def get(tx: Connection, task: UUID) -> Task | None:
    """The task as it stands."""
    row = tx.execute(_GET, {"id": task}).one_or_none()
    return None if row is None else task_of(tx, row)


def lock(tx: Connection, task: UUID) -> Task | None:
    """The task, locked until the transaction ends."""
    row = tx.execute(_LOCK, {"id": task}).one_or_none()
    return None if row is None else task_of(tx, row)


def next_open(
    tx: Connection,
    name: str,
    agent: Agent | None,
    queues: Sequence[str],
    *,
    kind: Sort,
    patience: timedelta,
    now: datetime,
    limit: int,
    only: UUID | None = None,
) -> list[Task]:
    """The first tasks that this agent may be given, locked; without a known one, anybody's.

    With `only` this one task, if they may be given it.
    """
    values = {
        "queues": list(queues), "kind": kind, "agent": name, "now": now, "limit": limit,
        "patience": patience, "only": only,
        "anywhere": agent is None or agent.in_house,
        "any_language": agent is None or not agent.languages,
        "languages": [one.partition("-")[0] for one in agent.languages] if agent else [],
        "any_skill": agent is None, "skills": list(agent.skills) if agent else [],
    }  # fmt: skip
    return [task_of(tx, row) for row in tx.execute(_NEXT, values)]


def take(
    tx: Connection, task: UUID, *, agent: str, number: str, lease: timedelta, now: datetime
) -> Task:
    """Give a locked task to this agent for the length of a lease."""
    values = {"id": task, "agent": agent, "lease": lease, "now": now}
    values["number"] = sealed.seal(tx, TASK_NUMBER, number, task)
    return task_of(tx, tx.execute(_TAKE, values).one())


def keep(tx: Connection, task: UUID, *, lease: timedelta) -> Task:
    """Begin the lease of a task anew."""
    return task_of(tx, tx.execute(_KEEP, {"id": task, "lease": lease}).one())


def put_off(tx: Connection, later: Mapping[UUID, tuple[datetime, str]], *, now: datetime) -> None:
    """These wait until an instant, each for a reason that is shown."""
    rows = [
        {"id": str(id_), "due_at": due_at.isoformat(), "held": held}
        for id_, (due_at, held) in sorted(later.items())
    ]
    if rows:
        tx.execute(_PUT_OFF, {"rows": json.dumps(rows), "now": now})


def withdraw(tx: Connection, reasons: Mapping[UUID, str], *, now: datetime) -> None:
    """These calls will not be made: their touches failed, and say why."""
    if reasons:
        notes = [sealed.seal(tx, TASK_NOTE, why, task) for task, why in reasons.items()]
        values = {"ids": list(reasons), "reasons": list(reasons.values()), "notes": notes}
        tx.execute(_WITHDRAW, values | {"now": now})


def release(tx: Connection, tasks: Sequence[UUID], *, due: datetime, now: datetime) -> None:
    """Give locked tasks back to the others, not to be made before `due`."""
    if tasks:
        tx.execute(_RELEASE, {"ids": list(tasks), "due": due, "now": now})


def undoable(tx: Connection, task: UUID, now: datetime) -> bool:
    """Whether the disposition of this task may still be taken back."""
    return bool(tx.execute(_UNDOABLE, {"id": task, "now": now}).scalar_one_or_none())


def return_lapsed(tx: Connection, *, now: datetime, later: datetime) -> int:
    """Take tasks back whose agents let their lease run out; answers how many there were.

    What had been dialled is not called again before `later`.
    """
    values = {"now": now, "later": later, "gone": AGENT_GONE}
    return tx.execute(_LAPSED, values).rowcount


def to_look_at(tx: Connection, *, now: datetime, limit: int) -> list[Task]:
    """Open tasks that nobody has looked at for a while, locked."""
    return [task_of(tx, row) for row in tx.execute(_TO_LOOK_AT, {"now": now, "limit": limit})]


def looked(tx: Connection, tasks: Sequence[UUID], *, again: datetime) -> None:
    """Note when these are looked at again."""
    tx.execute(_LOOKED, {"ids": list(tasks), "again": again})


def columns(alias: str) -> str:
    """The columns of a task, of the table that a statement calls so."""
    return ", ".join(f"{alias}.{name}" for name in _COLUMNS.split(", "))


def task_of(tx: Connection, row: Row[tuple[object, ...]]) -> Task:
    """The task of a row."""
    known = {field.name: getattr(row, field.name) for field in fields(Task)}
    told = {of.column: sealed.opened(tx, of, known[of.column], row.id) for of in _SEALED}
    return Task(**known | told | {"needs": tuple(row.needs)})


def _opened(tx: Connection, one: Opening) -> dict[str, object]:
    return {
        "id": str(one.touch_id), "reason": one.reason,
        "number": sealed.seal(tx, TASK_NUMBER, one.number, one.touch_id),
        "script": sealed.seal(tx, TASK_SCRIPT, one.script, one.touch_id),
        "queue": one.queue, "language": one.language, "needs": list(one.needs),
        "in_house": one.in_house, "rank": one.rank, "promised_local": one.promised_local,
        "promised_zone": one.promised_zone,
        "promised_at": one.promised_at.isoformat() if one.promised_at else None,
    }  # fmt: skip
