"""Do the facts that just came in show that somebody is about to complain?

In the transaction that accepts them, so that what can wait is held from that moment. A warning is a
case of a kind of its own: it holds, campaigns begin with it, and whoever looked after the person
closes it. Three statements a batch, and none where nothing of the kind was told. A refund becomes
slow without any new fact: those are looked for by the clock (`by_time`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.db.engine import BrandRef
from outreach.events import store as events
from outreach.events.model import NOBODY, OURSELVES, Event, event_id
from outreach.surveys import warning
from outreach.surveys.warning import Fact, Warned

_TYPE = "case.opened"
# Two that report of one person take turns. Not by the person's row: a planner holds that as long as
# it plans, and what is reported never waits for a planner.
_TAKE_TURNS = text("""
    select pg_advisory_xact_lock(hashtextextended('warnings.' || id, 0))
    from unnest(cast(:ids as text[])) as id order by id
""")
_BATCH = 200
# Whoever was told in this span for the first time that a refund is on its way, a set at a time.
_SLOW = text("""
    select person_id, min(subject) as subject from outreach.events
    where type = 'refund.progressed' and occurred_at > :since and occurred_at <= :until
      and person_id > :beyond and person_id <> :nobody
    group by person_id order by person_id limit :limit
""")


def take_turns(tx: Connection, reported: Sequence[Event]) -> None:
    """Let what is reported elsewhere at once of these persons wait, so that both are seen together.

    Before anything of theirs is written: two of one person would otherwise wait for each other.
    """
    _take_turns(tx, {event.person_id for event in reported if _bears_on_it(event)})


def _take_turns(tx: Connection, people: Collection[UUID]) -> None:
    if people:
        tx.execute(_TAKE_TURNS, {"ids": sorted(str(person) for person in people)})


def raised(
    tx: Connection, brand: BrandRef, fresh: Sequence[Event], *, now: datetime
) -> list[Event]:
    """The warnings that follow from these new facts, as events; the same facts give the same."""
    subjects = {e.person_id: e.subject for e in fresh if _bears_on_it(e)}
    if not subjects:
        return []
    return _of(tx, brand, subjects, now=now)


def _of(
    tx: Connection, brand: BrandRef, subjects: Mapping[UUID, str], *, now: datetime
) -> list[Event]:
    told: dict[UUID, list[Fact]] = defaultdict(list)
    for event in events.of_types(tx, list(subjects), warning.HEARD):
        told[event.person_id].append(Fact(event.type, event.occurred_at, event.data))
    found = ((person, warning.warned(facts, now=now)) for person, facts in told.items())
    return [_event(brand, who, subjects[who], one, now=now) for who, one in found if one]


def by_time(
    tx: Connection, brand: BrandRef, *, after: datetime, now: datetime, beyond: UUID | None = None
) -> tuple[list[Event], UUID | None]:
    """The warnings for a set of those whose refund has become slow since `after`.

    Answers with them the last person of the set, to go on `beyond`; None when there is no other.
    """
    values = {
        "since": after - warning.SLOW, "until": now - warning.SLOW, "beyond": beyond or NOBODY,
        "limit": _BATCH, "nobody": NOBODY,
    }  # fmt: skip
    people = {row.person_id: row.subject for row in tx.execute(_SLOW, values)}
    _take_turns(tx, people)
    last = max(people) if len(people) == _BATCH else None
    return _of(tx, brand, people, now=now), last


def _bears_on_it(event: Event) -> bool:
    return (
        event.type in warning.HEARD
        and event.person_id != NOBODY
        and event.data.get("kind") != warning.KIND
    )


def _event(brand: BrandRef, person: UUID, subject: str, one: Warned, *, now: datetime) -> Event:
    case = ids.shown(ids.CASE, ids.derived(ids.CASE, brand.key, person, warning.KIND, one.since))
    key = f"{_TYPE}:{case}:{one.since.isoformat()}"
    return Event(
        id=event_id(brand, key),
        type=_TYPE,
        key=key,
        subject=subject,
        person_id=person,
        occurred_at=now,
        source=OURSELVES,
        data={
            "case": case, "opened_at": one.since.isoformat(), "kind": warning.KIND,
            "reasons": [{"sign": s.sign, "detail": s.detail} for s in one.signals],
        },
    )  # fmt: skip
