"""Who lets go of what is too old to be kept, and when?

The ticker, each day from midnight UTC on, one set a tick; or a person, by a command, at once.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from outreach.db.engine import BrandRef, Database
from outreach.retention import store

_LIMIT = 10_000  # rows of each kind in one transaction


def day_before(now: datetime, *, retention: timedelta) -> datetime:
    """The midnight before which nothing is kept: it moves once a day."""
    return (now - retention).replace(hour=0, minute=0, second=0, microsecond=0)


def step(
    tx: Connection, *, before: datetime, limit: int = _LIMIT
) -> tuple[Mapping[str, int], bool]:
    """One set of the brand's; answers how many of each kind went, and whether that was the last."""
    gone = store.let_go(tx, before=before, limit=limit)
    last = max(gone.values()) < limit
    if last:
        store.done(tx, before=before)
    return gone, last


def sweep(
    database: Database, brand: BrandRef, *, before: datetime, limit: int = _LIMIT
) -> dict[str, int]:
    """All of this brand's that is older, a set a transaction; answers how many of each kind."""
    total: Counter[str] = Counter(dict.fromkeys(store.KINDS, 0))
    last = False
    while not last:
        with database.begin(brand) as tx:
            gone, last = step(tx, before=before, limit=limit)
        total.update(gone)
    return dict(total)
