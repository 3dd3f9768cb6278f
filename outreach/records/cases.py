"""Has this person an open case?

A case is projected from its events in the order in which things happened and not in which they were
told: a late `case.opened` does not reopen what was closed after it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.events.model import Event

_PROJECT = text("""
    insert into outreach.cases (brand_id, person_id, key, opened_at, closed_at)
    values (:brand, :person, :key, :opened, :closed)
    on conflict (brand_id, person_id, key) do update set
        opened_at = greatest(cases.opened_at, excluded.opened_at),
        closed_at = greatest(cases.closed_at, excluded.closed_at)
""")
_OPEN = text("""
    select person_id, key from outreach.cases
    where person_id = any(:people) and opened_at is not null
      and (closed_at is null or closed_at < opened_at)
    order by person_id, key
""")


def project(tx: Connection, brand: BrandRef, events: Iterable[Event]) -> list[UUID]:
    """Take in what these events say of cases; answers the persons for whom one was closed."""
    told = [event for event in events if event.type in {"case.opened", "case.closed"}]
    if told:
        in_order = sorted(told, key=lambda event: (event.person_id, event.key))
        tx.execute(_PROJECT, [_row(brand, event) for event in in_order])
    return [event.person_id for event in told if event.type == "case.closed"]


def open_of(tx: Connection, people: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The open cases of these persons, by their keys; nobody without one is in it."""
    found: dict[UUID, tuple[str, ...]] = {}
    for row in tx.execute(_OPEN, {"people": list(people)}):
        found[row.person_id] = (*found.get(row.person_id, ()), row.key)
    return found


def _row(brand: BrandRef, event: Event) -> dict[str, object]:
    at: datetime = event.occurred_at
    opened = event.type == "case.opened"
    return {
        "brand": brand.id, "person": event.person_id, "key": str(event.data["case"]).strip(),
        "opened": at if opened else None, "closed": None if opened else at,
    }  # fmt: skip
