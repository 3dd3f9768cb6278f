"""Where is the chain of a brand kept, and how does it grow?

Records are only added: the application's role may neither change nor delete them. Whoever appends
waits for whoever appends for the same brand at that moment, and for nobody else; a transaction that
does nothing beside is over at once.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Row, text

from optout.keys import Key
from outreach.audit.chain import BEGINNING, Anchor, Record, Sealed, seal
from outreach.db.engine import BrandRef

_LOCK = text("select pg_advisory_xact_lock(hashtext('outreach audit'), :brand)")
_LAST = text("""
    select number, seal from outreach.audit order by brand_id desc, number desc limit 1
""")
_ADD = text("""
    insert into outreach.audit (brand_id, number, at, "by", role, deed, target, key, seal)
    values (:brand, :number, :at, :by, :role, :deed, :target, :key, :seal)
""")
_AFTER = text("""
    select number, at, "by", role, deed, target, key, seal from outreach.audit
    where number > :after order by number limit :limit
""")
_NEWEST = text("""
    select number, at, "by", role, deed, target, key, seal from outreach.audit
    where number < :before order by number desc limit :limit
""")
_PAGE = 1000
_ENDLESS = 2**62


def append(
    tx: Connection,
    key: Key,
    brand: BrandRef,
    *,
    by: str,
    role: str,
    deed: str,
    target: str,
    now: datetime,
) -> int:
    """Add a record, sealed with the key in use; answers its number."""
    tx.execute(_LOCK, {"brand": brand.id})
    last = tx.execute(_LAST).one_or_none()
    before, number = (bytes(last.seal), last.number + 1) if last else (BEGINNING, 1)
    record = Record(number, now, by, role, deed, target)
    values = {"brand": brand.id, "number": number, "at": now, "by": by, "role": role, "deed": deed}
    values |= {"target": target, "key": key.number, "seal": seal(key, brand.key, before, record)}
    tx.execute(_ADD, values)
    return number


def chain(tx: Connection) -> Iterator[Sealed]:
    """The brand's records, the oldest first, a page at a time."""
    after = -_ENDLESS
    while page := [_sealed(r) for r in tx.execute(_AFTER, {"after": after, "limit": _PAGE})]:
        yield from page
        after = page[-1].record.number


def newest(tx: Connection, *, before: int = _ENDLESS, limit: int = 100) -> list[Record]:
    """The newest records below a number, the newest first."""
    rows = tx.execute(_NEWEST, {"before": before, "limit": limit})
    return [_sealed(row).record for row in rows]


def head(tx: Connection, brand: BrandRef) -> Anchor | None:
    """The end of the chain as it is now, to be noted elsewhere."""
    last = tx.execute(_LAST).one_or_none()
    return Anchor(brand.key, last.number, bytes(last.seal)) if last else None


def _sealed(row: Row[tuple[object, ...]]) -> Sealed:
    record = Record(row.number, row.at, row.by, row.role, row.deed, row.target)
    return Sealed(record, row.key, bytes(row.seal))
