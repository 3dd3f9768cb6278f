"""Where is every single call written down, and as which attempt does it count?

The first call of a task is the attempt with which the agents' channel took the touch over; each
further one is an attempt of its own, so that caps count every time the telephone rings.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Channel, Purpose
from outreach.callbacks.model import Call, Task
from outreach.db import personal, sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import CALL_ANSWERS, CALL_NOTE, CALL_SAID, TASK_NOTE, TASK_NUMBER
from outreach.dispatch import contacts
from outreach.dispatch.contacts import Made

_COLUMNS = """task_id, number, queue, agent, dialled_at, ended_at, disposition, note, answers, said,
    undone"""
_FIRST = text("""
    update outreach.attempts set dialled_at = :now, address_hash = :hash
    where touch_id = :touch and outcome = 'accepted' and dialled_at is null
    returning fence
""")
_FURTHER = text("""
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, body_hash, product, started_at, begun_at, ended_at, dialled_at,
        outcome)
    select brand_id, touch_id, fence + 1, person_id, channel, purpose, :hash, content_hash,
           body_hash, product, :now, :now, :now, :now, 'accepted'
    from outreach.attempts where touch_id = :touch order by fence desc limit 1
    returning fence, channel, purpose
""")
_BEGIN = text("""
    insert into outreach.calls (brand_id, task_id, number, queue, agent, dialled_at)
    values (:brand, :task, :number, :queue, :agent, :now)
""")
_DIALLED = text("""
    update outreach.tasks
    set attempts = attempts + 1, dialled_at = :now, lease_until = now() + :lease,
        number = :number
    where id = :task returning attempts
""")
_END = text("""
    update outreach.calls
    set ended_at = :now, disposition = :disposition, note = :note,
        answers = cast(:answers as jsonb), said = cast(:said as jsonb)
    where task_id = :task and number = :number
""")
_ENDED = text("""
    update outreach.tasks
    set state = 'ended', disposition = :disposition, note = :note, look_at = :final,
        lease_until = null
    where id = :task
""")
_UNDO = text("""
    update outreach.calls
    set ended_at = null, disposition = null, note = null, answers = '{}', said = '{}',
        undone = undone + 1
    where task_id = :task and number = :number
""")
_UNDONE = text("""
    update outreach.tasks
    set state = 'taken', disposition = null, note = null, look_at = null,
        lease_until = now() + :lease
    where id = :task
""")
_OF = text(f"""
    select {_COLUMNS} from outreach.calls where task_id = any(:tasks) order by task_id, number
""")
# Enough to tell a mean, and few enough that it follows the season.
_HANDLING = text("""
    select queue, count(*) as many, avg(extract(epoch from ended_at - dialled_at)) as seconds
    from (
        select queue, ended_at, dialled_at,
               row_number() over (partition by queue order by ended_at desc) as newest
        from outreach.calls
        where queue = any(:queues) and ended_at is not null and ended_at > :since) c
    where newest <= 200 group by queue
""")
_MEASURED = 20


def begin(
    tx: Connection,
    brand: BrandRef,
    task: Task,
    *,
    agent: str,
    address_hash: bytes,
    lease: timedelta,
    now: datetime,
) -> int:
    """Write down that the task's number is being dialled; answers which call of the task it is.

    The number may be another than when the task was taken: it is the one that was judged.
    """
    dialled = {"touch": task.touch_id, "hash": address_hash, "now": now}
    if tx.execute(_FIRST, dialled).first() is None:
        _count(tx, task, address_hash, tx.execute(_FURTHER, dialled).first(), now)
    values = {"task": task.id, "now": now, "lease": lease}
    values["number"] = sealed.seal(tx, TASK_NUMBER, task.number, task.id)
    number = int(tx.execute(_DIALLED, values).scalar_one())
    row = {"brand": brand.id, "number": number, "queue": task.queue, "agent": agent}
    tx.execute(_BEGIN, values | row)
    return number


def end(
    tx: Connection,
    task: Task,
    *,
    number: int,
    disposition: str,
    note: str,
    answers: Mapping[str, str],
    said: Mapping[str, object],
    now: datetime,
    final: datetime,
) -> None:
    """Write down how the call ended; until `final` that may be taken back."""
    known = {"task": task.id, "disposition": disposition, "now": now}
    told = {
        "note": sealed.seal(tx, CALL_NOTE, note or None, task.id, number),
        "answers": json.dumps(sealed.seal_parts(tx, CALL_ANSWERS, answers, task.id, number)),
        "said": json.dumps(sealed.seal_parts(tx, CALL_SAID, said, task.id, number)),
    }
    tx.execute(_END, known | told | {"number": number})
    written = sealed.seal(tx, TASK_NOTE, note or None, task.id)
    tx.execute(_ENDED, known | {"final": final, "note": written})


def undo(tx: Connection, task: Task, *, lease: timedelta) -> None:
    """Take back how the last call ended: it is its agent's again."""
    tx.execute(_UNDO, {"task": task.id, "number": task.attempts})
    tx.execute(_UNDONE, {"task": task.id, "lease": lease})


def of(tx: Connection, tasks: Sequence[UUID]) -> dict[UUID, list[Call]]:
    """The calls of these tasks, in order."""
    found: dict[UUID, list[Call]] = {task: [] for task in tasks}
    for row in tx.execute(_OF, {"tasks": list(tasks)}):
        found[row.task_id].append(Call(**personal.opened(tx, "calls", row._asdict())))
    return found


def handling(tx: Connection, queues: Sequence[str], *, since: datetime) -> dict[str, timedelta]:
    """How long a call of each of these queues takes, where enough have been measured."""
    rows = tx.execute(_HANDLING, {"queues": list(queues), "since": since})
    return {
        row.queue: timedelta(seconds=max(1.0, float(row.seconds)))
        for row in rows
        if row.many >= _MEASURED
    }


def _count(
    tx: Connection,
    task: Task,
    address_hash: bytes,
    row: Row[tuple[object, ...]] | None,
    now: datetime,
) -> None:
    """Let the other brands of the group count it too."""
    if row is not None:
        made = Made(
            task.touch_id, row.fence, address_hash, Channel(row.channel), Purpose(row.purpose)
        )
        contacts.write(tx, [made], now=now)
