"""What do new events begin, what do they end, and which passages have waited long enough?

One transaction takes a set of pending events to its end: matched, planned, stored, and marked as
seen. A worker that dies in it leaves them pending. It holds the persons meanwhile, so that of two
workers with a delivery and a refund of one person the second sees what the first began.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns import store as campaigns
from outreach.campaigns.model import Campaign
from outreach.campaigns.seen import Seen
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, glance, going_on, in_turn, quieting, sight, store
from outreach.enrolments.candidates import Asked
from outreach.enrolments.model import Declined, Live, Plan
from outreach.enrolments.plan import ends, starts
from outreach.enrolments.sight import Sight
from outreach.enrolments.told import About, told_of
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people import store as people
from outreach.people.model import Person
from outreach.records import trades

BATCH = 2000


def enrol(tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime) -> int:
    """Hold the next pending events against the live campaigns, and go on where a wait is over.

    Answers how many events were settled and how many waits ran out.

    Events of a person whom another worker holds stay pending.
    """
    pending = events.take_pending(tx, limit=BATCH)
    looked_at = _looked_at(tx, book, brand, pending, now=now) if pending else 0
    # While there are more events, one of them may have come in time.
    if len(pending) == BATCH:
        return looked_at
    ran_out = quieting.by_time(tx, book, brand, now=now)
    return looked_at + ran_out + going_on.by_time(tx, book, brand, now=now)


def _looked_at(
    tx: Connection, book: campaigns.Book, brand: BrandRef, pending: list[Event], *, now: datetime
) -> int:
    whose = {event.person_id for event in pending}
    free = people.take(tx, whose)
    persons = people.by_id(tx, whose)
    if len(free) < len(persons):
        pending = [e for e in pending if e.person_id in free or e.person_id not in persons]
    here = [event for event in pending if event.person_id in persons]
    known = trades.with_orders(tx, here)
    live = [Live(version.id, version.campaign, version.stage) for version in book.live(tx)]
    plans = _plans(tx, brand, live, known, persons, now=now)
    store.add(tx, brand, glance.limited(tx, live, plans), now=now)
    quieting.by_events(tx, brand, live, known)
    _hear(tx, book, brand, known, persons, now=now)
    events.settle(tx, [event.id for event in here], "enrolled")
    if len(here) < len(pending):
        nobodys = [event.id for event in pending if event.person_id not in persons]
        events.settle(tx, nobodys, "unknown_person")
    return len(pending)


def _plans(
    tx: Connection,
    brand: BrandRef,
    live: Sequence[Live],
    known: Sequence[Event],
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
) -> list[Plan | Declined]:
    one_of = {event.type: event for event in known}
    begun_by = {
        type_: [version for version in live if starts(version.campaign.trigger, event)]
        for type_, event in one_of.items()
    }
    asked = [
        Asked(version, event, persons[event.person_id])
        for event in known
        for version in begun_by[event.type]
    ]
    return in_turn.plans(candidates.gather(tx, brand, asked, now=now))


def _hear(
    tx: Connection,
    book: campaigns.Book,
    brand: BrandRef,
    known: Sequence[Event],
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
) -> None:
    """End what these events end, and go on where they were waited for.

    What is under way is read of nobody where no campaign that runs listens for events of their
    types: most deliveries begin something and end nothing.
    """
    types = {event.type for event in known}
    running = book.under_way(tx)
    ending = {id_: told for id_, one in running.items() if (told := types & _ending(one))}
    if ending:
        _end_passages(tx, book, known, persons, ending, now=now)
    if any(wait.until.event in types for one in running.values() for wait in candidates.waits(one)):
        going_on.by_events(tx, book, brand, known, now=now)


def _end_passages(
    tx: Connection,
    book: campaigns.Book,
    known: Sequence[Event],
    persons: Mapping[UUID, Person],
    ending: Mapping[UUID, Collection[str]],
    *,
    now: datetime,
) -> None:
    """End what they are under way in; `ending` are the types of events that do, by version."""
    happened = [event for event in known if any(event.type in types for types in ending.values())]
    by_person: dict[UUID, list[Event]] = {}
    for event in happened:
        by_person.setdefault(event.person_id, []).append(event)
    on = {passage.campaign_id for passage in store.active_of(tx, list(by_person))} & ending.keys()
    if not on:
        return
    versions = book.shared(tx, on)
    active = [
        passage
        for passage in store.active_of(tx, list(by_person))  # again, as it stands once shared
        if any(e.type in ending.get(passage.campaign_id, ()) for e in by_person[passage.person_id])
        and passage.campaign_id in on
    ]
    if not active:
        return
    began = events.by_id(tx, [passage.event_id for passage in active])
    triggers = {event.id: event for event in trades.with_orders(tx, list(began.values()))}
    exits = [version.campaign.exits for version in versions.values()]
    found = sight.gather(tx, exits, by_person, happened, now=now)
    seen = {event.id: seen_of(event, persons, found, now=now) for event in happened}
    reasons = {
        passage.id: f"exit:{event.type}"
        for passage in active
        for event in by_person[passage.person_id]
        if ends(
            event,
            versions[passage.campaign_id].campaign,
            triggers[passage.event_id],
            seen[event.id],
        )
    }
    store.end(tx, reasons, now=now)


def _ending(campaign: Campaign) -> set[str]:
    """The types of events that end passages of this campaign."""
    return {way.event for way in campaign.exits}


def seen_of(event: Event, persons: Mapping[UUID, Person], found: Sight, *, now: datetime) -> Seen:
    """What a condition looks at about this event of a known person."""
    whose = event.person_id
    facts = About(persons[whose], found.days.get(whose, {}))
    return told_of(Seen({}, facts, now, found.histories.get(whose, {})), event, found.records)
