"""Has this person an open case?

A case is projected from its events in the order in which things happened and not in which they were
told: a late `case.opened` does not reopen what was closed after it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

_OPEN = text("""
    select person_id, key from outreach.cases
    where person_id = any(:people) and state <> 'closed'
    order by person_id, key
""")


def open_of(tx: Connection, people: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The open cases of these persons, by their keys; nobody without one is in it."""
    found: dict[UUID, tuple[str, ...]] = {}
    for row in tx.execute(_OPEN, {"people": list(people)}):
        found[row.person_id] = (*found.get(row.person_id, ()), row.key)
    return found
