"""Where are events kept, and which still wait for a look at the campaigns?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Result, text

from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import EVENT_DATA
from outreach.events.model import REQUESTS, Event, waits_for

# One statement a batch, an array a column: half as dear as one document of all, at both ends.
_INSERT = """
    insert into outreach.events
        (brand_id, id, type, key, subject, person_id, source, occurred_at, received_at, data,
         waits_for, state)
    select :brand, id, type, key, subject, person_id, source, occurred_at, :now,
           cast(data as jsonb), waits_for, cast({state} as outreach.event_state)
    from unnest(
        cast(:ids as uuid[]), cast(:types as text[]), cast(:keys as text[]),
        cast(:subjects as text[]), cast(:people as uuid[]), cast(:sources as text[]),
        cast(:instants as timestamptz[]), cast(:data as text[]), cast(:waiting as text[])
    ) as given(id, type, key, subject, person_id, source, occurred_at, data, waits_for)
    on conflict (brand_id, id) do nothing
    returning id
"""
_ACCEPT = text(
    _INSERT.format(state="case when waits_for is null then 'pending' else 'waiting_for_person' end")
)
# Facts of our own: what they begin is stored by whoever keeps them.
_KEEP = text(_INSERT.format(state="'enrolled'"))
# In order of the sources' names: two that count the same ones wait for each other's rows.
_COUNT = text("""
    insert into outreach.intake (brand_id, source, day, accepted, already_seen, refused)
    select :brand, given.source, :day, given.accepted, given.already_seen, given.refused
    from unnest(cast(:sources as text[]), cast(:accepted as int[]), cast(:already_seen as int[]),
                cast(:refused as int[])) as given(source, accepted, already_seen, refused)
    order by given.source
    on conflict (brand_id, source, day) do update set
        accepted = intake.accepted + excluded.accepted,
        already_seen = intake.already_seen + excluded.already_seen,
        refused = intake.refused + excluded.refused
""")
# Locked until the transaction ends, skipped by other workers: nobody plans an event twice.
_TAKE_PENDING = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where state = 'pending' and type <> all(:requests)
    order by received_at, id limit :limit for update skip locked
""")
_REQUESTS = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where state = 'pending' and type = any(:requests) order by received_at, id limit :limit
""")
_SETTLE = text("""
    update outreach.events set state = cast(:state as outreach.event_state)
    where id = any(cast(:ids as uuid[]))
""")
_OF_TYPES = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where person_id = any(:people) and type = any(:types)
""")
# What happened since then was received since then: the index of ages leaves out all that is older.
_OF_TYPE = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where type = :type and occurred_at >= :since and received_at >= :since limit :limit
""")
_BY_ID = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where id = any(:ids)
""")
_NEWEST = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where person_id = :person order by occurred_at desc, id limit 1
""")
_WAITING = text("""
    select id, waits_for from outreach.events where waits_for = any(:trades) order by id
""")
_ANY_WAITS = text("select exists (select from outreach.events where waits_for is not null)")
_SUBJECTS = text("""
    select distinct on (person_id) person_id, subject from outreach.events
    where person_id = any(:people) order by person_id
""")
# Locked in order of their ids, as they are accepted.
_FIND_PERSON = text("""
    with locked as (
        select e.id, given.person_id, given.subject
        from outreach.events e
        join (select unnest(cast(:ids as uuid[])) as id,
                     unnest(cast(:people as uuid[])) as person_id,
                     unnest(cast(:subjects as text[])) as subject) given on e.id = given.id
        where e.id = any(:ids) and e.waits_for is not null order by e.id for update of e
    )
    update outreach.events e
    set person_id = locked.person_id, subject = locked.subject, state = 'pending', waits_for = null
    from locked where e.id = locked.id
    returning e.id, type, key, e.subject, e.person_id, occurred_at, source, data
""")
_AFTER = text("""
    select id, type, key, subject, person_id, occurred_at, source, data from outreach.events
    where cast(:after as uuid) is null or id > :after order by id limit :limit
""")
_OF_ENROLMENTS = text("""
    select n.id as enrolment, e.id, e.type, e.key, e.subject, e.person_id, e.occurred_at, e.source,
           e.data
    from outreach.enrolments n
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where n.id = any(:ids)
""")
_BY_NUMBER = attrgetter("id.int")  # as ids themselves are ordered, and quicker


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a request: the new events, and how many there were already."""

    new: tuple[UUID, ...]
    already_seen: int


@dataclass(frozen=True, slots=True)
class Account:
    """How many of a source's reports were taken, known already, and refused."""

    accepted: int = 0
    already_seen: int = 0
    refused: int = 0

    def and_(self, other: "Account") -> "Account":
        """Both together."""
        return Account(
            self.accepted + other.accepted,
            self.already_seen + other.already_seen,
            self.refused + other.refused,
        )


def accept(tx: Connection, brand: BrandRef, events: Sequence[Event], *, now: datetime) -> Intake:
    """Store each fact once per business key; one already known is dropped and counted.

    In order of their ids: two requests that report the same facts wait for each other's rows, and
    in another order could do so in a circle.
    """
    in_order = _once(events)
    if not in_order:
        return Intake((), 0)
    waiting = [waits_for(one) for one in in_order]
    values = _columns(tx, brand, in_order, now) | {"waiting": waiting if any(waiting) else None}
    new = tuple(tx.execute(_ACCEPT, values).scalars())
    return Intake(new, len(events) - len(new))


def keep(tx: Connection, brand: BrandRef, events: Sequence[Event], *, now: datetime) -> None:
    """Store facts of our own, which nobody reported and which are not held against campaigns."""
    tx.execute(_KEEP, _columns(tx, brand, _once(events), now) | {"waiting": None})


def count(
    tx: Connection, brand: BrandRef, intake: Intake, *, source: str, refused: int, now: datetime
) -> None:
    """Add to the account of what came in from this source on this day."""
    told = Account(len(intake.new), intake.already_seen, refused)
    count_each(tx, brand, {source: told}, now=now)


def count_each(
    tx: Connection, brand: BrandRef, told: Mapping[str, Account], *, now: datetime
) -> None:
    """Add to the accounts of what came in from each of these sources on this day."""
    known: dict[str, Account] = {}
    for source, one in told.items():
        known[source[:100]] = known.get(source[:100], Account()).and_(one)
    values = {
        "brand": brand.id, "day": now.date(), "sources": list(known),
        "accepted": [one.accepted for one in known.values()],
        "already_seen": [one.already_seen for one in known.values()],
        "refused": [one.refused for one in known.values()],
    }  # fmt: skip
    tx.execute(_COUNT, values)


def take_pending(tx: Connection, *, limit: int) -> list[Event]:
    """Lock the next events that nobody has held against the campaigns yet."""
    values = {"limit": limit, "requests": list(REQUESTS)}
    return _events(tx, tx.execute(_TAKE_PENDING, values))


def requests(tx: Connection, *, limit: int) -> list[Event]:
    """The next requests that nobody has carried out, the oldest first; nothing is locked."""
    values = {"limit": limit, "requests": list(REQUESTS)}
    return _events(tx, tx.execute(_REQUESTS, values))


def settle(tx: Connection, events: Sequence[UUID], state: str) -> None:
    """Say what became of these events: `enrolled`, `unknown_person` or `ignored`."""
    if events:
        tx.execute(_SETTLE, {"ids": list(events), "state": state})


def any_waits(tx: Connection) -> bool:
    """Whether any event at all waits for word of whose it is: most brands have none that does."""
    return bool(tx.execute(_ANY_WAITS).scalar_one())


def waiting(tx: Connection, trades: Sequence[str]) -> dict[UUID, str]:
    """Events that wait for word of whose one of these trades is, each with that trade."""
    rows = tx.execute(_WAITING, {"trades": list(trades)})
    return {row.id: row.waits_for for row in rows}


def find_person(tx: Connection, owners: Mapping[UUID, UUID]) -> list[Event]:
    """Say whose these waiting events are; they are pending from now on, and are answered."""
    subjects = subjects_of(tx, list(owners.values()))
    known = {event: person for event, person in owners.items() if person in subjects}
    values = {
        "ids": list(known), "people": list(known.values()),
        "subjects": [subjects[person] for person in known.values()],
    }  # fmt: skip
    return _events(tx, tx.execute(_FIND_PERSON, values))


def subjects_of(tx: Connection, people: Sequence[UUID]) -> dict[UUID, str]:
    """What the brand calls these persons, as far as events have named them."""
    if not people:
        return {}
    rows = tx.execute(_SUBJECTS, {"people": list(set(people))})
    return {row.person_id: row.subject for row in rows}


def after(tx: Connection, event: UUID | None, *, limit: int) -> list[Event]:
    """The next events of the log after this one, in the order of their ids, which never changes."""
    return _events(tx, tx.execute(_AFTER, {"after": event, "limit": limit}))


def of_types(tx: Connection, people: Sequence[UUID], types: Sequence[str]) -> list[Event]:
    """Everything of these types that happened to these persons."""
    return _events(tx, tx.execute(_OF_TYPES, {"people": list(people), "types": list(types)}))


def of_type(tx: Connection, type_: str, *, since: datetime, limit: int) -> list[Event]:
    """So many events of this type since then, in no order: as soon as they are found."""
    values = {"type": type_, "since": since, "limit": limit}
    return _events(tx, tx.execute(_OF_TYPE, values))


def by_id(tx: Connection, events: Sequence[UUID]) -> dict[UUID, Event]:
    """These events, those of them that there are."""
    return {one.id: one for one in _events(tx, tx.execute(_BY_ID, {"ids": list(events)}))}


def newest(tx: Connection, person: UUID) -> Event | None:
    """What happened last to this person, if anything did."""
    return next(iter(_events(tx, tx.execute(_NEWEST, {"person": person}))), None)


def of_enrolments(tx: Connection, enrolments: Sequence[UUID]) -> dict[UUID, Event]:
    """The event with which each of these passages began."""
    found = {}
    for row in tx.execute(_OF_ENROLMENTS, {"ids": list(set(enrolments))}):
        known = row._asdict()
        enrolment = known.pop("enrolment")
        found[enrolment] = opened(tx, Event(**known))
    return found


def opened(tx: Connection, event: Event) -> Event:
    """The event with what lay sealed of its data."""
    data = sealed.opened_parts(tx, EVENT_DATA, event.data, event.id)
    return event if data is event.data else event._replace(data=data)


def _events(tx: Connection, rows: Result[Any]) -> list[Event]:
    """Read by place: statements name their columns in the order of `Event`."""
    told: Sequence[Any] = rows.all()
    return [opened(tx, Event(*row)) for row in told]


def _once(events: Sequence[Event]) -> list[Event]:
    """Each of them, the last of those that say the same, in the order of their ids."""
    once = {event.id: event for event in events}
    return sorted(once.values(), key=_BY_NUMBER)


def _columns(
    tx: Connection, brand: BrandRef, events: Sequence[Event], now: datetime
) -> dict[str, object]:
    return {
        "brand": brand.id, "now": now,
        "ids": [one.id for one in events],
        "types": [one.type for one in events],
        "keys": [one.key for one in events],
        "subjects": [one.subject for one in events],
        "people": [one.person_id for one in events],
        "sources": [one.source for one in events],
        "instants": [one.occurred_at.isoformat() for one in events],
        "data": [sealed.seal_document(tx, EVENT_DATA, one.data, one.id) for one in events],
    }  # fmt: skip
