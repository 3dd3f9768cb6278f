"""Where are the calls kept that agents owe?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach.db.engine import BrandRef

_COLUMNS = """id, touch_id, person_id, number, script, state, holder, disposition, note, opened_at,
    useless_after"""
_OPEN = text("""
    insert into outreach.tasks
        (brand_id, id, touch_id, person_id, number, script, opened_at, useless_after)
    select brand_id, id, id, person_id, :number, :script, :now, useless_after
    from outreach.touches where id = :touch
    on conflict (brand_id, id) do nothing
""")
_LIST = text(f"""
    select {_COLUMNS} from outreach.tasks where state in ('open', 'taken') order by opened_at, id
""")
_OPENED = text("select touch_id from outreach.tasks where id = any(:touches)")
_GET = text(f"select {_COLUMNS} from outreach.tasks where id = :id for update")
# Tasks that another agent is just taking are passed over.
_NEXT = text(f"""
    select {_COLUMNS} from outreach.tasks where state = 'open' and id <> all(:passed)
    order by opened_at, id limit 1 for update skip locked
""")
_SET = text("""
    update outreach.tasks
    set state = cast(:state as outreach.task_state), holder = :holder,
        disposition = :disposition, note = :note,
        closed_at = case when :state in ('closed', 'withdrawn') then cast(:now as timestamptz) end
    where id = :id
""")
_RECEIPT = text("""
    insert into outreach.receipts (brand_id, touch_id, kind, at, detail)
    values (:brand, :touch, :kind, :now, :detail) on conflict do nothing
""")
_REACHED = text("""
    update outreach.touches set state = 'delivered', settled_at = :now
    where id = :touch and state in ('sent', 'uncertain')
""")
# The provider's yes was ours to give, and is taken back.
_NOT_MADE = text("""
    update outreach.touches set state = 'failed', reason = :reason, settled_at = :now
    where id = :touch and state in ('sent', 'uncertain')
""")
# From here on the caps count it.
_DIALLED = text("""
    update outreach.attempts set dialled_at = :now where touch_id = :touch and outcome = 'accepted'
""")
_ENDED_BY = text("""
    select n.reason from outreach.touches t
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    where t.id = :touch and n.state = 'ended'
""")


@dataclass(frozen=True, slots=True)
class Task:
    """A call that an agent owes a person."""

    id: UUID
    touch_id: UUID
    person_id: UUID
    number: str
    script: str
    state: str
    holder: str | None
    disposition: str | None
    note: str | None
    opened_at: datetime
    useless_after: datetime


def open_task(tx: Connection, touch: UUID, *, number: str, script: str, now: datetime) -> None:
    """Owe the call of this touch; once, however often it is asked."""
    tx.execute(_OPEN, {"touch": touch, "number": number, "script": script, "now": now})


def owed(tx: Connection) -> list[Task]:
    """The calls that are open or taken, oldest first."""
    return [_task(row) for row in tx.execute(_LIST)]


def opened(tx: Connection, touches: Sequence[UUID]) -> set[UUID]:
    """Those of these touches whose call was opened; a task has the id of its touch."""
    return {row.touch_id for row in tx.execute(_OPENED, {"touches": list(touches)})}


def get(tx: Connection, task: UUID) -> Task | None:
    """The task, locked until the transaction ends."""
    row = tx.execute(_GET, {"id": task}).one_or_none()
    return None if row is None else _task(row)


def next_open(tx: Connection, passed: list[UUID]) -> Task | None:
    """The oldest open task that was not passed over, locked."""
    row = tx.execute(_NEXT, {"passed": passed}).one_or_none()
    return None if row is None else _task(row)


def put(
    tx: Connection,
    task: UUID,
    state: str,
    *,
    now: datetime,
    holder: str | None = None,
    disposition: str | None = None,
    note: str | None = None,
) -> None:
    """Set where the task stands."""
    values = {"holder": holder, "disposition": disposition, "note": note}
    tx.execute(_SET, {"id": task, "state": state, "now": now} | values)


def add_receipt(
    tx: Connection, brand: BrandRef, touch: UUID, kind: str, *, detail: str | None, now: datetime
) -> None:
    """Write down how the call ended, as any provider's receipt."""
    values = {"brand": brand.id, "touch": touch, "kind": kind, "detail": detail, "now": now}
    tx.execute(_RECEIPT, values)


def set_reached(tx: Connection, touch: UUID, *, now: datetime) -> None:
    """The person was reached: the touch is delivered."""
    tx.execute(_REACHED, {"touch": touch, "now": now})


def set_not_made(tx: Connection, touch: UUID, reason: str, *, now: datetime) -> None:
    """The call will not be made: the touch failed, and says why."""
    tx.execute(_NOT_MADE, {"touch": touch, "reason": reason, "now": now})


def set_dialled(tx: Connection, touch: UUID, *, now: datetime) -> None:
    """The number is being dialled."""
    tx.execute(_DIALLED, {"touch": touch, "now": now})


def ended_by(tx: Connection, touch: UUID) -> str | None:
    """What ended the passage of this touch, if something did."""
    return tx.execute(_ENDED_BY, {"touch": touch}).scalar_one_or_none()


def _task(row: Row[tuple[object, ...]]) -> Task:
    return Task(**row._asdict())
