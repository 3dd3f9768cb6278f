"""How is all of a brand written into a directory?

As it is at one instant, in a transaction that PostgreSQL itself keeps from writing, a table after
the other and never a whole one in memory. Personal data leave here in clear.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import ColumnElement, Connection, Table, or_, select, text, union

from optout import tables as consent
from optout.keys import Key
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.db import personal, tables
from outreach.db.engine import BrandRef, Database
from outreach.errors import Conflict
from outreach.takeout import goods, lines, manifest
from outreach.takeout.manifest import Manifest, Part

_AT_ONCE = 1000  # rows
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_ENDLESS = text("set local statement_timeout = 0")


@dataclass(slots=True)
class _Written:
    """A file as it grows."""

    file: BinaryIO
    rows: int = 0
    sum: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> None:
        self.file.write(line)
        self.sum.update(line)
        self.rows += 1


def write(
    database: Database, keys: tuple[Key, ...], brand: BrandRef, directory: Path, *, now: datetime
) -> Manifest:
    """Write the brand into this directory, which is made, readable by its owner alone.

    Raises `Conflict` where there is something in it.
    """
    _make(directory)
    with database.reading(brand) as tx:
        tx.execute(_ENDLESS)
        parts = {table.name: _table(tx, brand, table, directory) for table in goods.taken()}
        known, (lineage, kept_since) = brands.get(tx), brands.kept(tx)
    document = BrandDocument(
        key=brand.key, name=known.name, locale=known.locale, zone=known.zone, profile=known.profile
    )
    said = Manifest(
        taken_at=now, columns=manifest.columns(), hashing=manifest.hashing(keys), brand=document,
        lineage=lineage, kept_since=kept_since, tables=parts,
    )  # fmt: skip
    with _opened(directory / manifest.NAME) as file:
        file.write(said.model_dump_json(indent=2).encode())
    return said


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise Conflict(f"{directory} is not empty: name a directory that is not there yet")
    except OSError as error:
        raise Conflict(f"{directory} cannot be written: {error.strerror}") from error


def _opened(path: Path) -> BinaryIO:
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


def _table(tx: Connection, brand: BrandRef, table: Table, directory: Path) -> Part:
    with _opened(directory / manifest.file_of(table.name)) as file:
        written = _Written(file)
        for row in rows(tx, brand, table):
            written.add(lines.written(row))
            _beside(directory, table, row)
    return Part(rows=written.rows, sha256=written.sum.hexdigest())


def rows(tx: Connection, brand: BrandRef, table: Table) -> Iterator[Mapping[str, object]]:
    """The brand's rows of this table, personal data opened, in the order in which they came."""
    every = [*goods.columns(table), *(c for c in table.primary_key if c.identity is not None)]
    asked = (
        select(*dict.fromkeys(every)).where(_whose(brand, table)).order_by(*goods.in_order(table))
    )
    named = {column.name for column in goods.columns(table)}
    found = tx.execution_options(yield_per=_AT_ONCE).execute(asked)
    for row in found.mappings():
        opened = personal.opened(tx, table.name, dict(row)) if _ours(table) else row
        yield {name: value for name, value in opened.items() if name in named}


def _whose(brand: BrandRef, table: Table) -> ColumnElement[bool]:
    """The brand's own; and what the agency said of addresses that the brand has used."""
    if _ours(table):
        return goods.owner(table) == brand.id
    own = goods.owner(table) == brand.key
    if table is not consent.entries:
        return own
    used = union(
        select(tables.addresses.c.hash),
        select(tables.former_hashes.c.hash),
        select(tables.attempts.c.address_hash),
    )
    return or_(own, consent.entries.c.brand.is_(None) & consent.entries.c.hash.in_(used))


def _ours(table: Table) -> bool:
    return table.schema == tables.SCHEMA


def _beside(directory: Path, table: Table, row: Mapping[str, object]) -> None:
    """A document once more as its own file, for people; the line of its row is what is read."""
    if (column := goods.DOCUMENTS.get(table.name)) is None:
        return
    folder = directory / table.name
    folder.mkdir(mode=0o700, exist_ok=True)
    key = str(row["key"])
    name = key if _PLAIN.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()
    version = f".{row['version']}" if "version" in row else ""
    with _opened(folder / f"{name}{version}.yaml") as file:
        file.write(str(row[column]).encode())
