"""Where are templates kept? Every version stands; a live campaign is pinned to its own ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.db.engine import BrandRef
from outreach.templates import document
from outreach.templates.model import Template

_LATEST = text("""
    select distinct on (key) key, id, version, document from outreach.templates
    where key = any(:keys) order by key, version desc
""")
_PUT = text("""
    insert into outreach.templates (brand_id, id, key, version, document)
    values (:brand, :id, :key, :version, :document)
""")
_BY_ID = text("select id, document from outreach.templates where id = any(:ids)")
_LIST = text("""
    select distinct on (key) key, version, created_at from outreach.templates
    where key > :after order by key, version desc limit :limit
""")


@dataclass(frozen=True, slots=True)
class Listed:
    """A template's newest version, without its text."""

    key: str
    version: int
    created_at: datetime


def put(tx: Connection, brand: BrandRef, source: str, *, name: str) -> UUID:
    """Keep this document as the newest version of its template, unless it is that already.

    Raises `Invalid` when it cannot be read.
    """
    key = document.read(source, name=name).key
    latest = tx.execute(_LATEST, {"keys": [key]}).one_or_none()
    if latest is not None and latest.document == source:
        return UUID(str(latest.id))
    version = 1 if latest is None else latest.version + 1
    new = ids.derived("tpl", brand.key, key, version)
    values = {"brand": brand.id, "id": new, "key": key, "version": version, "document": source}
    tx.execute(_PUT, values)
    return new


def latest(tx: Connection, keys: Iterable[str]) -> dict[str, UUID]:
    """The newest version of each of these templates, those of them that there are."""
    return {row.key: row.id for row in tx.execute(_LATEST, {"keys": sorted(set(keys))})}


def listed(tx: Connection, *, after: str = "", limit: int = 50) -> list[Listed]:
    """The newest versions of the next templates behind this key."""
    rows = tx.execute(_LIST, {"after": after, "limit": limit})
    return [Listed(**row._asdict()) for row in rows]


def source(tx: Connection, key: str) -> str | None:
    """The text of the newest version, or none where there is no such template."""
    found = tx.execute(_LATEST, {"keys": [key]}).one_or_none()
    return None if found is None else str(found.document)


class Shelf:
    """Templates by id, read once per process: a version never changes."""

    def __init__(self) -> None:
        self._read: dict[UUID, Template] = {}

    def get(self, tx: Connection, wanted: Iterable[UUID]) -> Mapping[UUID, Template]:
        """These templates; one statement for those not read before."""
        if missing := list(set(wanted) - self._read.keys()):
            for row in tx.execute(_BY_ID, {"ids": missing}):
                self._read[row.id] = document.read(row.document, name=str(row.id))
        return self._read
