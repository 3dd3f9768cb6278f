"""Where are waits kept, and which of them are open?"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.enrolments.model import PlannedWait

CLOCK = "#quiet"
"""In place of a step: a passage that begins when nothing more happens. No step has such a key."""

_COLUMNS = "enrolment_id, step, campaign_id, person_id, event_type, began_at, due_at"
_ADD = text(f"""
    insert into outreach.waits
        (brand_id, {_COLUMNS}, ended_at, ended_by)
    select :brand, {_COLUMNS}, ended_at, ended_by
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        enrolment_id uuid, step text, campaign_id uuid, person_id uuid, event_type text,
        began_at timestamptz, due_at timestamptz, ended_at timestamptz, ended_by uuid)
    on conflict (brand_id, enrolment_id, step) do update
    set campaign_id = excluded.campaign_id, event_type = excluded.event_type,
        began_at = excluded.began_at, due_at = excluded.due_at, ended_at = excluded.ended_at,
        ended_by = excluded.ended_by
""")
# Whoever has events that nobody has looked at yet is left for the next look: one of them may have
# come in time.
_RAN_OUT = text("""
    select w.person_id from outreach.waits w
    where w.ended_at is null and w.due_at <= :now and (w.step = :clock) = :clocks
      and not exists (
        select from outreach.events e
        where e.brand_id = w.brand_id and e.person_id = w.person_id and e.state = 'pending')
    order by w.due_at limit :limit
""")
_OPEN = text(f"""
    select {_COLUMNS} from outreach.waits
    where person_id = any(:people) and ended_at is null and (step = :clock) = :clocks
    order by enrolment_id
""")
_OF = text("""
    select enrolment_id, step, ended_at, ended_by from outreach.waits
    where enrolment_id = any(:enrolments) and ended_at is not null
""")
_END = text("""
    update outreach.waits w set ended_at = given.at, ended_by = given.by
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        enrolment_id uuid, step text, at timestamptz, by uuid)
    where w.enrolment_id = given.enrolment_id and w.step = given.step and w.ended_at is null
""")
_CLOSE = text("""
    update outreach.waits set ended_at = :now
    where enrolment_id = any(:enrolments) and ended_at is null
""")
_CLOSE_OF = text("""
    update outreach.waits set ended_at = :now where campaign_id = any(:ids) and ended_at is null
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage at a wait that is not over."""

    enrolment_id: UUID
    step: str
    campaign_id: UUID
    person_id: UUID
    event_type: str
    began_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """A wait that is over, and by which event."""

    enrolment_id: UUID
    step: str
    at: datetime
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Coming:
    """The waits to which a passage comes."""

    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    waits: tuple[PlannedWait, ...]


def add(tx: Connection, brand: BrandRef, coming: Iterable[Coming]) -> None:
    """Write down these waits; one that is there already is as it is now said to be."""
    rows = [_row(one, wait) for one in coming for wait in one.waits]
    if rows:
        tx.execute(_ADD, {"brand": brand.id, "rows": json.dumps(rows)})


def ran_out(tx: Connection, *, now: datetime, limit: int, clocks: bool = False) -> list[UUID]:
    """Persons with a wait, or else a clock, that has lasted long enough; nothing is locked."""
    found = tx.execute(_RAN_OUT, {"now": now, "limit": limit, "clock": CLOCK, "clocks": clocks})
    return list(dict.fromkeys(row.person_id for row in found))


def open_of(tx: Connection, people: Sequence[UUID], *, clocks: bool = False) -> list[Waiting]:
    """The waits of these persons that are not over, or else their clocks."""
    values = {"people": list(people), "clock": CLOCK, "clocks": clocks}
    return [Waiting(*row) for row in tx.execute(_OPEN, values)]


def over_of(tx: Connection, enrolments: Sequence[UUID]) -> list[Over]:
    """The waits of these passages that are over."""
    return [Over(*row) for row in tx.execute(_OF, {"enrolments": list(enrolments)})]


def end(tx: Connection, over: Iterable[Over]) -> None:
    """Write down how these waits ended."""
    rows = [
        {
            "enrolment_id": str(one.enrolment_id), "step": one.step, "at": one.at.isoformat(),
            "by": one.by and str(one.by),
        }
        for one in over
    ]  # fmt: skip
    if rows:
        tx.execute(_END, {"rows": json.dumps(rows)})


def close(tx: Connection, enrolments: Sequence[UUID], *, now: datetime) -> None:
    """Let these passages wait for nothing any more: they are over, or go on in another version."""
    tx.execute(_CLOSE, {"enrolments": list(enrolments), "now": now})


def close_of(tx: Connection, versions: Sequence[UUID], *, now: datetime) -> None:
    """Let the passages of these versions wait for nothing any more."""
    tx.execute(_CLOSE_OF, {"ids": list(versions), "now": now})


def _row(coming: Coming, wait: PlannedWait) -> dict[str, object]:
    return {
        "enrolment_id": str(coming.enrolment_id), "step": wait.step,
        "campaign_id": str(coming.campaign_id), "person_id": str(coming.person_id),
        "event_type": wait.event, "began_at": wait.began_at.isoformat(),
        "due_at": wait.due_at.isoformat(),
        "ended_at": wait.ended_at and wait.ended_at.isoformat(),
        "ended_by": wait.ended_by and str(wait.ended_by),
    }  # fmt: skip
