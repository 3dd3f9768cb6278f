"""How does a set of reported facts become ours?

Accepted once, counted, and told to the records at once: a complaint holds its person's messages
from the moment in which it is accepted and not from the next look at the campaigns. What follows
from the records, such as that an order is complete, is accepted with them, and so is a warning.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach import timezones, tracing
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.enrolments import warnings
from outreach.errors import Invalid, NotFound
from outreach.events import store as events
from outreach.events.model import OURSELVES, Event
from outreach.events.store import Intake
from outreach.people import store as people
from outreach.people.model import Person
from outreach.records import dates, holds, telling
from outreach.sentences import clipped


def accept(
    tx: Connection,
    brand: BrandRef,
    reported: Sequence[Event],
    *,
    source: str,
    refused: int,
    now: datetime,
) -> Intake:
    """Store what is new of these facts, and account for the rest."""
    with tracing.span("intake", brand=brand.key, many=len(reported)):
        warnings.take_turns(tx, reported)
        intake = events.accept(tx, brand, reported, now=now)
        events.count(tx, brand, intake, source=source, refused=refused, now=now)
        new = set(intake.new)
        _make_known(tx, brand, [event for event in reported if event.id in new], now=now)
    return intake


def accept_each(
    tx: Connection,
    brand: BrandRef,
    reported: Sequence[Event],
    *,
    refused: Counter[str],
    now: datetime,
) -> list[bool]:
    """The same of facts that were reported apart and come together, each under its own source.

    `refused` counts by source what was not taken. Answers of each fact whether it is new; of two
    that say the same, the first is.
    """
    with tracing.span("intake", brand=brand.key, many=len(reported)):
        warnings.take_turns(tx, reported)
        new = set(events.accept(tx, brand, reported, now=now).new)
        fresh = {event.id: event for event in reversed(reported) if event.id in new}
        told = [fresh.get(event.id) is event for event in reported]
        events.count_each(tx, brand, _accounts(reported, told, refused), now=now)
        _make_known(tx, brand, list(fresh.values()), now=now)
    return told


def _accounts(
    reported: Sequence[Event], new: Sequence[bool], refused: Counter[str]
) -> dict[str, events.Account]:
    taken = Counter(one.source for one, is_new in zip(reported, new, strict=True) if is_new)
    seen = Counter(one.source for one, is_new in zip(reported, new, strict=True) if not is_new)
    return {
        source: events.Account(taken[source], seen[source], refused[source])
        for source in sorted({*taken, *seen, *refused})
    }


def _make_known(tx: Connection, brand: BrandRef, fresh: Sequence[Event], *, now: datetime) -> None:
    """Tell the records, and whoever waits for what they say; accept what follows from them."""
    dates.of_events(tx, brand, fresh)
    told = telling.tell(tx, brand, fresh, now=now)
    _tell_group(tx, told.cared_for)
    if told.relieved:
        people.reconsider(tx, told.relieved, reasons=["care_hold"], now=now)
    _follow(tx, brand, told.follow, now=now)
    _warn(tx, brand, fresh, now=now)


def _warn(tx: Connection, brand: BrandRef, fresh: Sequence[Event], *, now: datetime) -> None:
    """Open a case for whoever is about to complain; a warning follows from no warning."""
    if found := warnings.raised(tx, brand, fresh, now=now):
        accept(tx, brand, found, source=OURSELVES, refused=0, now=now)


def warn_in_time(
    tx: Connection, brand: BrandRef, *, after: datetime, now: datetime, beyond: UUID | None = None
) -> UUID | None:
    """Warn of a set of people whose refund has become slow; answers where to go on, if one does."""
    found, last = warnings.by_time(tx, brand, after=after, now=now, beyond=beyond)
    if found:
        accept(tx, brand, found, source=OURSELVES, refused=0, now=now)
    return last


def _follow(tx: Connection, brand: BrandRef, derived: Sequence[Event], *, now: datetime) -> None:
    """Accept what is concluded, once; that it is concluded again is no report to be counted."""
    concluded = events.accept(tx, brand, derived, now=now)
    if concluded.new:
        once = Intake(concluded.new, 0)
        events.count(tx, brand, once, source=OURSELVES, refused=0, now=now)


def _tell_group(tx: Connection, persons: Sequence[UUID]) -> None:
    """Other brands of the group hold their tongue too, or may speak again in time."""
    if persons:
        care = brands.get(tx).profile.care
        holds.follow(tx, persons, kinds=care.kinds, grace=care.grace)


def arrive(tx: Connection, brand: BrandRef, persons: Sequence[Person], *, now: datetime) -> None:
    """Store persons; what waited for one, or for where one lives, is looked at again at once."""
    before = people.put(tx, brand, persons)
    dates.of_persons(tx, brand, persons, now=now)
    care = brands.get(tx).profile.care
    holds.follow(tx, [person.id for person in persons], kinds=care.kinds, grace=care.grace)
    if before:  # nothing is planned for whom nobody knew
        people.reconsider(tx, before, reasons=["place_unknown"], now=now)


def placed(tx: Connection, person: UUID, *, zone: str, now: datetime) -> None:
    """Somebody found out on which clock a person lives: what waited for that is looked at again.

    Raises `Invalid` for a zone that the tz database does not know, `NotFound` for a stranger.
    """
    if zone not in timezones.names():
        raise Invalid(f"{clipped(zone)!r} is no zone; write one as in Asia/Shanghai")
    if not people.lives_on(tx, person, zone):
        raise NotFound("there is no such person")
    people.reconsider(tx, [person], reasons=["place_unknown"], now=now)
