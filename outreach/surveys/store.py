"""Where are surveys kept? Every version stands; a live campaign is pinned to its own ones."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from outreach import ids
from outreach.db.engine import BrandRef
from outreach.surveys import document
from outreach.surveys.model import Survey

_LATEST = text("""
    select distinct on (key) key, id, version, document from outreach.surveys
    where key = any(:keys) order by key, version desc
""")
_PUT = text("""
    insert into outreach.surveys (brand_id, id, key, version, document)
    select :brand, id, key, version, document
    from jsonb_to_recordset(cast(:surveys as jsonb))
        as given(id uuid, key text, version integer, document text)
    on conflict (brand_id, id) do nothing
""")
_LIST = text("""
    select distinct on (key) key, id, version, document from outreach.surveys
    order by key, version desc
""")
_BY_ID = text("select id, document from outreach.surveys where id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a survey."""

    id: UUID
    key: str
    version: int
    document: str


def put(tx: Connection, brand: BrandRef, source: str, *, name: str) -> Version:
    """Keep this document as the newest version of its survey, unless it is that already.

    Raises `Invalid` when it cannot be read.
    """
    key = document.read(source, name=name).key
    latest = _latest(tx, [key]).get(key)
    if latest is not None and latest.document == source:
        return latest
    new = _version(brand, key, 1 if latest is None else latest.version + 1, source)
    _add(tx, brand, [new])
    return new


def pinned(tx: Connection, brand: BrandRef, keys: Iterable[str]) -> dict[str, UUID]:
    """The newest version of each of these surveys, those of them that there are.

    What the brand has not brought itself is taken from the library, and is its own from then on: a
    newer release of the product changes no question under way.
    """
    known, new = _known_and_new(tx, brand, keys)
    _add(tx, brand, new)
    return {one.key: one.id for one in (*known, *new)}


def would_pin(tx: Connection, brand: BrandRef, keys: Iterable[str]) -> dict[str, UUID]:
    """What `pinned` would answer now, with nothing taken from the library yet."""
    known, new = _known_and_new(tx, brand, keys)
    return {one.key: one.id for one in (*known, *new)}


def _known_and_new(
    tx: Connection, brand: BrandRef, keys: Iterable[str]
) -> tuple[list[Version], list[Version]]:
    """Those that the brand has, and those of the library that it would have from now on."""
    wanted = sorted(set(keys))
    known, library = _latest(tx, wanted), document.library()
    new = [
        _version(brand, key, 1, library[key])
        for key in wanted
        if key in library and key not in known
    ]
    return list(known.values()), new


def every(tx: Connection) -> list[Version]:
    """The newest version of each survey that the brand has."""
    return [Version(**row._asdict()) for row in tx.execute(_LIST)]


class Shelf:
    """Surveys by id, read once per process: a version never changes."""

    def __init__(self) -> None:
        self._read: dict[UUID, Survey] = {}

    def get(self, tx: Connection, wanted: Iterable[UUID]) -> Mapping[UUID, Survey]:
        """These surveys; one statement for those not read before."""
        if missing := list(set(wanted) - self._read.keys()):
            for row in tx.execute(_BY_ID, {"ids": missing}):
                self._read[row.id] = document.read(row.document, name=str(row.id))
        return self._read


def _latest(tx: Connection, keys: list[str]) -> dict[str, Version]:
    rows = tx.execute(_LATEST, {"keys": keys}) if keys else ()
    return {row.key: Version(**row._asdict()) for row in rows}


def _version(brand: BrandRef, key: str, version: int, source: str) -> Version:
    return Version(ids.derived("svy", brand.key, key, version), key, version, source)


def _add(tx: Connection, brand: BrandRef, new: list[Version]) -> None:
    if new:
        rows = [
            {"id": str(v.id), "key": v.key, "version": v.version, "document": v.document}
            for v in new
        ]
        tx.execute(_PUT, {"brand": brand.id, "surveys": json.dumps(rows)})
