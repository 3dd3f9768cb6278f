"""What do accepted events change in the records, and what follows from that?

In the transaction that accepts them: whoever reads a record sees every event that was accepted
before. A fixed number of statements a batch, and as many again where it tells whose waiting events
are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.db.engine import BrandRef
from outreach.events.model import NOBODY, Event
from outreach.records import completion, owners, store
from outreach.records.fold import fold

# What may begin or end a hold of everything that can wait, and what may end one.
_CARE = ("case.", "person.")
_RELIEVING = frozenset({"case.closed", "person.alive"})


@dataclass(frozen=True, slots=True)
class Told:
    """Whose cases were told of, whose holds may have ended, and the events that follow.

    Also of the events that had waited and have found their person.
    """

    cared_for: tuple[UUID, ...]
    relieved: tuple[UUID, ...]
    follow: tuple[Event, ...]


def tell(tx: Connection, brand: BrandRef, reported: Sequence[Event], *, now: datetime) -> Told:
    """Take in what these events say; events that waited for one of them are taken in with them."""
    everything, orders, batch = list[Event](), set[str](), list(reported)
    while batch:
        everything += batch
        rows = fold(batch)
        merged = store.merge(tx, brand, rows, now=now)
        orders |= set(merged.told)
        batch = owners.found(tx, rows, merged.orders)
    complete = completion.settle(tx, sorted(orders))
    return Told(
        _persons(event for event in everything if event.type.startswith(_CARE)),
        _persons(event for event in everything if event.type in _RELIEVING),
        tuple(completion.told(tx, brand, complete)),
    )


def _persons(events: Iterable[Event]) -> tuple[UUID, ...]:
    return tuple(sorted({event.person_id for event in events} - {NOBODY}))
