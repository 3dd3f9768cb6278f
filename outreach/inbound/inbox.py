"""What do the messages of platforms become?

Kept when they came, taken in here: a set of messages in one transaction, each read again from its
bytes, so that what was read wrongly once can be read again. A message that cannot be read, since
its source has changed meanwhile, says why and holds up no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from outreach import timezones
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.enrolments import intake
from outreach.errors import Invalid
from outreach.events import reading
from outreach.events.model import NOBODY, Event, Refusal
from outreach.events.sources import store
from outreach.events.sources.judging import Known
from outreach.events.sources.protocol import RawEvent
from outreach.events.sources.store import Settled, Waiting
from outreach.inbound import parcel_names
from outreach.inbound.newcomers import welcome

BATCH = 200
PATIENCE = timedelta(minutes=10)
"""How long a delivery waits for word of its parcel's number; then its own name must do."""
_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Read:
    """A message with the facts that it tells, or what is wrong with it."""

    waiting: Waiting
    source: Known
    raws: tuple[RawEvent, ...] = ()
    wrong: str | None = None


def take_in(tx: Connection, means: Means, brand: BrandRef, *, now: datetime) -> int:
    """Take in the next messages of a brand; answers how many were looked at."""
    waiting = store.take(tx, now=now, limit=BATCH)
    if not waiting:
        return 0
    sources = store.every(tx, brand)
    read = [_read(one, sources[one.source_id]) for one in waiting]
    told = [raw for one in read for raw in one.raws]
    parcel_names.learn(tx, brand, told)
    numbers = parcel_names.find(tx, told)
    ready = [one for one in read if not _too_early(one, numbers, now=now)]
    welcome(tx, means, brand, [raw for one in ready for raw in one.raws], now=now)
    settled = _accept(tx, brand, ready, numbers, now=now)
    early = [one.waiting for one in read if one not in ready]
    later = [Settled(one.id, "pending", now + _AGAIN, "parcel not named yet") for one in early]
    store.settle(tx, [*settled, *later])
    return len(waiting)


def _read(waiting: Waiting, source: Known) -> _Read:
    message, zone = waiting.message, timezones.load(source.zone)
    try:
        raws = source.source.read(message.body, message.headers, zone)
    except Invalid as error:
        return _Read(waiting, source, wrong=error.sentence)
    return _Read(waiting, source, tuple(raw for raw in raws if not raw.test))


def _too_early(one: _Read, numbers: Mapping[str, str], *, now: datetime) -> bool:
    unnamed = any(raw.parcel_name and raw.parcel_name not in numbers for raw in one.raws)
    return unnamed and now < one.waiting.received_at + PATIENCE


def _accept(
    tx: Connection,
    brand: BrandRef,
    ready: Sequence[_Read],
    numbers: Mapping[str, str],
    *,
    now: datetime,
) -> list[Settled]:
    """Accept what was read, one set for each source; answers what became of each message."""
    became = {one.waiting.id: _became(one, brand, numbers) for one in ready}
    for source in {one.source.id: one.source for one in ready}.values():
        mine = [became[one.waiting.id] for one in ready if one.source.id == source.id]
        told = [event for events in mine for event in events]
        facts = [one for one in told if isinstance(one, Event)]
        refused = sum(isinstance(one, Refusal) for one in told)
        intake.accept(tx, brand, facts, source=source.key, refused=refused, now=now)
    return [_settled(one, became[one.waiting.id], now=now) for one in ready]


def _became(one: _Read, brand: BrandRef, numbers: Mapping[str, str]) -> list[Event | Refusal]:
    arrived = one.waiting.received_at
    read = partial(reading.read, brand=brand, now=arrived)
    named = (parcel_names.named(raw, numbers) for raw in one.raws)
    documents = (raw.document(one.source.key, arrived_at=arrived) for raw in named)
    return [read(document, position=place) for place, document in enumerate(documents)]


def _settled(one: _Read, told: Iterable[Event | Refusal], *, now: datetime) -> Settled:
    if one.wrong is not None:
        return Settled(one.waiting.id, "failed", now, one.wrong)
    told = list(told)
    refused = [f"{t.code}: {t.sentence}" for t in told if isinstance(t, Refusal)]
    people = {t.person_id for t in told if isinstance(t, Event)} - {NOBODY}
    return Settled(one.waiting.id, "taken", now, next(iter(refused), None), _sorted(people))


def _sorted(people: set[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(people))
