"""Somebody says that something is wrong: is that a case which is open already, or a new one?

Replacements, exchanges, damage and parcels gone astray have one exit, whoever hears of them: an
agent, a survey, a reply. They become one case with one state and one owner. Its state is what
events say of it, so that it holds what can wait until it is closed; the owner and what was said
are kept here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import CASE_NOTE
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid, NotFound, Problem
from outreach.events import reading
from outreach.events.model import Event
from outreach.records.holds import IS_OPEN
from outreach.sentences import nearest

SOURCE = "cases"
TOPICS: Mapping[str, str] = {
    "complaint": "complaint", "damage": "complaint", "logistics": "complaint",
    "replacement": "exchange", "exchange": "exchange", "return": "return", "refund": "refund",
    "repair": "repair", "dispute": "dispute", "other": "other",
}  # fmt: skip
"""What a case may be about, and as which kind of case it is recorded."""

_HOLD = text("""
    select id, ref from outreach.persons where id = any(:persons) order by id for no key update
""")
_LIST = text(f"""
    select c.person_id, c.key, coalesce(c.order_key, w.order_key) as order_key, c.opened_at, p.ref,
           coalesce(w.topic, c.kind) as topic, w.owner, coalesce(c.state, 'opened') as state,
           (select count(*) from outreach.case_notes n
            where n.brand_id = c.brand_id and n.person_id = c.person_id and n.case_key = c.key
           ) as said
    from outreach.cases c
    join outreach.persons p on p.brand_id = c.brand_id and p.id = c.person_id
    left join outreach.case_work w
        on w.brand_id = c.brand_id and w.person_id = c.person_id and w.case_key = c.key
    where {IS_OPEN} and (cast(:person as uuid) is null or c.person_id = :person)
    order by c.opened_at, c.key limit :limit
""")
_WORK = text("""
    insert into outreach.case_work (brand_id, person_id, case_key, topic, owner, order_key)
    values (:brand, :person, :case, :topic, :owner, :order)
    on conflict (brand_id, person_id, case_key)
    do update set owner = coalesce(excluded.owner, case_work.owner),
        order_key = coalesce(case_work.order_key, excluded.order_key)
""")
_NOTE = text("""
    insert into outreach.case_notes (brand_id, person_id, case_key, at, by, topic, note)
    values (:brand, :person, :case, :now, :by, :topic, :note)
""")
_NOTES = text("""
    select at, by, topic, note from outreach.case_notes
    where person_id = :person and case_key = :case order by at, id
""")


@dataclass(frozen=True, slots=True)
class Raised:
    """What somebody says is wrong, and who says so: an agent, a survey, a reply."""

    topic: str
    by: str
    note: str = ""
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An open case: whose, about what, since when, whose work it is, how often it was raised."""

    person_id: UUID
    ref: str
    key: str
    topic: str | None
    order_key: str | None
    opened_at: datetime | None
    owner: str | None
    state: str
    said: int


@dataclass(frozen=True, slots=True)
class Note:
    """What was said of a case, by whom."""

    at: datetime
    by: str
    topic: str
    note: str


def raise_case(means: Means, brand: BrandRef, person: UUID, raised: Raised) -> tuple[str, bool]:
    """The key of the case that this is, and whether it was open already.

    Raises `NotFound` for a stranger, and `Invalid` for a topic that is none.
    """
    now = means.clock()
    with means.database.begin(brand) as tx:
        return raise_within(tx, brand, person, raised, now=now)


def raise_within(
    tx: Connection, brand: BrandRef, person: UUID, raised: Raised, *, now: datetime
) -> tuple[str, bool]:
    """The same, together with what else is written down. Locks the person's row."""
    if raised.topic not in TOPICS:
        raise Invalid(f"{raised.topic!r} is no topic of a case{nearest(raised.topic, TOPICS)}")
    ref = hold(tx, person)
    same = joined(opened(tx, person=person), raised)
    key = same.key if same else _new_key(brand, person, raised, now)
    if same is None:
        data = {"opened_at": now.isoformat(), "kind": TOPICS[raised.topic]}
        told = data | ({"order": raised.order} if raised.order else {})
        _tell(tx, brand, ref, "case.opened", told | {"case": key}, now=now)
    named = {"brand": brand.id, "person": person, "case": key, "topic": raised.topic}
    tx.execute(_WORK, named | {"owner": None, "order": raised.order})
    note = sealed.seal(tx, CASE_NOTE, raised.note, person, key, now)
    tx.execute(_NOTE, named | {"now": now, "by": raised.by, "note": note})
    return key, same is not None


def joined(known: Sequence[Case], raised: Raised) -> Case | None:
    """The open case that this is about, the oldest of them. Pure.

    One order has one case, whatever is wrong with it; where no order is named, the topic decides,
    and a case that is joined by somebody who names an order is about that one from then on.
    """
    topics = {raised.topic, TOPICS[raised.topic]}
    named = [one for one in known if raised.order and one.order_key == raised.order]
    alike = [
        one
        for one in known
        if one.topic in topics and (raised.order is None or one.order_key is None)
    ]
    return next(iter([*named, *alike]), None)


def opened(tx: Connection, *, person: UUID | None = None, limit: int = 1000) -> list[Case]:
    """The open cases, of one person or of all, oldest first."""
    rows = tx.execute(_LIST, {"person": person, "limit": limit})
    return [Case(**row._asdict()) for row in rows]


def notes(tx: Connection, person: UUID, key: str) -> list[Note]:
    """What was said of a case, in order."""
    return [
        Note(at, by, topic, sealed.opened(tx, CASE_NOTE, note, person, key, at) or "")
        for at, by, topic, note in tx.execute(_NOTES, {"person": person, "case": key})
    ]


def own(tx: Connection, brand: BrandRef, person: UUID, key: str, *, owner: str) -> None:
    """Make a case somebody's work. Raises `NotFound` unless it is open."""
    case = _open_case(tx, person, key)
    named = {"brand": brand.id, "person": person, "case": key, "owner": owner}
    tx.execute(_WORK, named | {"topic": case.topic or "other", "order": None})


def close(
    means: Means, brand: BrandRef, person: UUID, key: str, *, by: str, note: str = ""
) -> None:
    """Close a case: what it held may go on after the grace time. Raises `NotFound`."""
    now = means.clock()
    with means.database.begin(brand) as tx:
        ref = hold(tx, person)
        case = _open_case(tx, person, key)
        named = {"brand": brand.id, "person": person, "case": key, "topic": case.topic or "other"}
        kept = sealed.seal(tx, CASE_NOTE, note, person, key, now)
        tx.execute(_NOTE, named | {"now": now, "by": by, "note": kept})
        _tell(tx, brand, ref, "case.closed", {"case": key, "closed_at": now.isoformat()}, now=now)


def _open_case(tx: Connection, person: UUID, key: str) -> Case:
    found = next((one for one in opened(tx, person=person) if one.key == key), None)
    if found is None:
        raise NotFound(f"the person has no open case {key!r}; `outreach cases list` shows them")
    return found


def hold(tx: Connection, person: UUID) -> str:
    """The person's name here, locked: two who raise the same at once wait for each other.

    Raises `NotFound` for a stranger.
    """
    held = hold_all(tx, [person])
    if person not in held:
        raise NotFound("there is no such person")
    return held[person]


def hold_all(tx: Connection, persons: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these persons, locked in order of their ids; strangers are left out."""
    wanted = list(set(persons))
    rows = tx.execute(_HOLD, {"persons": wanted}) if wanted else ()
    return {row.id: str(row.ref) for row in rows}


def _new_key(brand: BrandRef, person: UUID, raised: Raised, now: datetime) -> str:
    name = (brand.key, person, raised.topic, raised.order, now.isoformat())
    return ids.shown(ids.CASE, ids.derived(ids.CASE, *name))


def _tell(
    tx: Connection,
    brand: BrandRef,
    ref: str,
    kind: str,
    data: Mapping[str, str],
    *,
    now: datetime,
) -> None:
    raw = {
        "type": kind, "source": SOURCE, "subject": ref, "time": now.isoformat(), "data": dict(data)
    }  # fmt: skip
    event = reading.read(raw, position=0, brand=brand, now=now)
    if not isinstance(event, Event):
        raise Invalid("this cannot be made a case", problems=[Problem("case", event.sentence)])
    intake.accept(tx, brand, [event], source=SOURCE, refused=0, now=now)
