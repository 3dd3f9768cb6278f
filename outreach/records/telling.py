"""What do accepted events change in the records, and what follows from that?

In the transaction that accepts them: whoever reads a record sees every event that was accepted
before. A fixed number of statements a batch, and as many again where it tells whose waiting events
are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.db.engine import BrandRef
from outreach.events.model import NOBODY, Event
from outreach.records import completion, owners, store
from outreach.records.fold import fold

# What may end a hold of everything that can wait.
_RELIEVING = frozenset({"case.closed", "person.alive"})


@dataclass(frozen=True, slots=True)
class Told:
    """Whose holds may have ended, and the events that follow from what was told."""

    relieved: tuple[UUID, ...]
    follow: tuple[Event, ...]


def tell(tx: Connection, brand: BrandRef, reported: Sequence[Event], *, now: datetime) -> Told:
    """Take in what these events say; events that waited for one of them are taken in with them."""
    everything, orders, batch = list[Event](), set[str](), list(reported)
    while batch:
        everything += batch
        rows = fold(batch)
        concerned = store.merge(tx, brand, rows, now=now)
        orders |= set(concerned)
        batch = owners.found(tx, rows, concerned)
    complete = completion.settle(tx, sorted(orders))
    relieved = {e.person_id for e in everything if e.type in _RELIEVING and e.person_id != NOBODY}
    return Told(tuple(sorted(relieved)), tuple(completion.told(tx, brand, complete)))
