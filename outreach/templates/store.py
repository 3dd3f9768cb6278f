"""Where are templates kept? Every version stands; a live campaign is pinned to its own ones."""

from collections.abc import Iterable, Mapping
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
