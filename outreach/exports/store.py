"""Where is kept who asked for which export, and the rows that it means?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection, Row, text

from outreach.db import sealed
from outreach.db.engine import BrandRef
from outreach.db.personal import EXPORT_WHY
from outreach.errors import NotFound
from outreach.exports.model import Export

_TURN = text("select pg_advisory_xact_lock(hashtextextended('exports of ' || :brand, 0))")
_PUT = text("""
    insert into outreach.exports (brand_id, id, kind, wanted, "rows", "by", why, asked_at, ends_at,
        alone, approved)
    values (:brand, :id, :kind, cast(:wanted as jsonb), :rows, :by, :why, :now, :ends, :alone,
        :approved)
""")
_COLUMNS = """id, kind, wanted, "rows", "by", why, asked_at, ends_at, alone, approved, decided_by,
    decided_at, taken"""
_GET = text(f"select {_COLUMNS} from outreach.exports where id = :id")
_HELD = text(f"select {_COLUMNS} from outreach.exports where id = :id for no key update")
_NEWEST = text(f"""
    select {_COLUMNS} from outreach.exports where kind <> 'person'
    order by asked_at desc, id limit :limit
""")
_ALONE = text("""
    select coalesce(sum("rows"), 0) from outreach.exports
    where "by" = :by and asked_at > :since and alone
""")
_ASKED_AT = text("""
    select count(*) from outreach.exports where "by" = :by and asked_at = :now
""")
_WAITING = text("""
    select count(*) from outreach.exports
    where "by" = :by and approved is null and ends_at > :now
""")
_APPROVED = text(f"""
    select {_COLUMNS} from outreach.exports
    where "by" = :by and kind = :kind and approved and ends_at > :now and not alone
    order by ends_at desc limit 1 for no key update
""")
_DECIDE = text("""
    update outreach.exports set approved = :approved, decided_by = :by, decided_at = :now,
        ends_at = :ends
    where id = :id
""")
_TAKEN = text("update outreach.exports set taken = taken + 1 where id = :id")
_ROWS = text("""
    select row_id from outreach.export_rows where export_id = :id and row_id > :after
    order by row_id limit :limit
""")
_LEAVE = text("delete from outreach.export_rows where export_id = :id")
_MEANT = text("select count(*) from outreach.export_rows where export_id = :id")
_COUNT = text("select count(*) from outreach.persons")


def take_turn(tx: Connection, brand: BrandRef) -> None:
    """Have others of the brand wait who would count, so that two do not both find room."""
    tx.execute(_TURN, {"brand": str(brand.id)})


def put(tx: Connection, brand: BrandRef, export: Export) -> None:
    """Keep an asking; one that needs nobody else is approved by that."""
    told = {
        "brand": brand.id, "id": export.id, "kind": export.kind, "rows": export.rows,
        "wanted": to_json(export.wanted).decode(), "by": export.by, "alone": export.alone,
        "why": sealed.seal(tx, EXPORT_WHY, export.why, export.id), "now": export.asked_at,
        "ends": export.ends_at, "approved": export.approved,
    }  # fmt: skip
    tx.execute(_PUT, told)


def get(tx: Connection, key: UUID, *, hold: bool = False) -> Export:
    """The asking, perhaps held against others who would change it. Raises `NotFound`."""
    if (row := tx.execute(_HELD if hold else _GET, {"id": key}).one_or_none()) is None:
        raise NotFound("there is no such export")
    return _export(tx, row)


def newest(tx: Connection, *, limit: int = 100) -> list[Export]:
    """What was asked for last, the newest first; not what was handed to single people."""
    return [_export(tx, row) for row in tx.execute(_NEWEST, {"limit": limit})]


def taken_alone(tx: Connection, *, by: str, since: datetime) -> int:
    """How many rows somebody has had since then on nobody's word but their own."""
    many: int = tx.execute(_ALONE, {"by": by, "since": since}).scalar_one()
    return many


def asked_at(tx: Connection, *, by: str, now: datetime) -> int:
    """How often somebody has asked at this very instant."""
    many: int = tx.execute(_ASKED_AT, {"by": by, "now": now}).scalar_one()
    return many


def waiting(tx: Connection, *, by: str, now: datetime) -> int:
    """How much of what somebody asked for still waits for another's word."""
    many: int = tx.execute(_WAITING, {"by": by, "now": now}).scalar_one()
    return many


def approved(tx: Connection, kind: str, *, by: str, now: datetime) -> Export | None:
    """What another person approved of this kind for `by`, while it may be fetched."""
    row = tx.execute(_APPROVED, {"by": by, "kind": kind, "now": now}).one_or_none()
    return _export(tx, row) if row else None


def decide(
    tx: Connection, key: UUID, *, approved: bool, by: str, ends: datetime, now: datetime
) -> None:
    """Keep whose word it is; what was refused needs its rows no more."""
    values = {"id": key, "approved": approved, "by": by, "ends": ends, "now": now}
    tx.execute(_DECIDE, values)
    if not approved:
        tx.execute(_LEAVE, {"id": key})


def took(tx: Connection, key: UUID) -> None:
    """Count that it was fetched."""
    tx.execute(_TAKEN, {"id": key})


def rows(tx: Connection, key: UUID, *, after: UUID, limit: int) -> list[UUID]:
    """The next ids of what was asked for, in their order."""
    values = {"id": key, "after": after, "limit": limit}
    return list(tx.execute(_ROWS, values).scalars())


def meant(tx: Connection, key: UUID) -> int:
    """How many rows are kept of what was asked for."""
    many: int = tx.execute(_MEANT, {"id": key}).scalar_one()
    return many


def people(tx: Connection) -> int:
    """How many people the brand has."""
    many: int = tx.execute(_COUNT).scalar_one()
    return many


def _export(tx: Connection, row: Row[Any]) -> Export:
    told = row._asdict()
    told["why"] = sealed.opened(tx, EXPORT_WHY, row.why, row.id) or ""
    return Export(**told)
