"""How does a brand that another installation wrote come in here?

In one transaction: all of it, or nothing. Whoever wrote the files may mean no good, so each line is
held against its table, the brand of a row is never read from it, and what makes somebody known
again (a person's id, an address's hash) is worked out anew. The brand comes in stopped.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import JSON, Connection, Table, text
from sqlalchemy.exc import DBAPIError

from optout import tables as consent
from optout.keys import Key
from optout.model import Identity, Kind
from outreach.audit import store as audit
from outreach.brands import store as brands
from outreach.db import personal, sealed
from outreach.db.engine import BrandRef, Database
from outreach.dispatch.means import Means
from outreach.errors import Conflict, Invalid
from outreach.people.model import person_id
from outreach.takeout import goods, lines, manifest
from outreach.takeout.manifest import Manifest, Part

_AT_ONCE = 1000  # rows
_ENDLESS = text("set local statement_timeout = 0")
_EDITION = "edition"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Brought:
    """What came in: the brand, and how many rows of each table."""

    brand: BrandRef
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Here:
    """What a row is taken in with; `editions` are the numbers here of lists by those there."""

    tx: Connection
    means: Means
    brand: BrandRef
    editions: dict[int, int]


def bring_in(
    means: Means, keys: Sequence[Key], directory: Path, *, by: str, now: datetime
) -> Brought:
    """Bring the brand in, stopped, and write down in its chain who did.

    Raises `NotFound`, `Invalid` with file and line, `Conflict` where a brand is called so already
    or the files are of another version.
    """
    said = manifest.read(directory)
    manifest.refuse_other(said, keys)
    ref = _new(means.database, said.brand.key)
    with means.database.begin(ref) as tx:
        tx.execute(_ENDLESS)
        here = _Here(tx, means, ref, {})
        _brand(here, said)
        rows = {
            table.name: _table(here, table, directory, said.tables[table.name])
            for table in goods.taken()
        }
        audit.append(
            tx, keys[0], ref, by=by, role="command", deed="outreach brands import",
            target=f"rows={sum(rows.values())}", now=now,
        )  # fmt: skip
    return Brought(ref, rows)


def _new(database: Database, key: str) -> BrandRef:
    if key in brands.directory(database):
        raise Conflict(f"there is a brand {key!r} already: bring it into an empty installation")
    return brands.numbered(database, key)


def _brand(here: _Here, said: Manifest) -> None:
    try:
        brands.add(here.tx, here.brand, said.brand)
    except DBAPIError as error:  # somebody brings it in at this moment
        raise Conflict(f"there is a brand {here.brand.key!r} already") from error
    here.means.database.vault.add(here.tx, here.brand.id)
    brands.resume(here.tx, lineage=said.lineage, kept_since=said.kept_since)


def _table(here: _Here, table: Table, directory: Path, part: Part) -> int:
    path, read = directory / manifest.file_of(table.name), 0
    found = _lines(path, part)
    while some := list(islice(found, _AT_ONCE)):
        made = [_made(here, table, line, path, read + place) for place, line in enumerate(some, 1)]
        _insert(here, table, made, path, read)
        read += len(some)
    if read != part.rows:
        raise Invalid(f"{path}: {read} rows, where {manifest.NAME} says {part.rows}")
    return read


def _lines(path: Path, part: Part) -> Iterator[bytes]:
    """Each line; in the end the whole is held against its checksum."""
    if not path.is_file():
        raise Invalid(f"{path} is missing")
    total = hashlib.sha256()
    with path.open("rb") as file:
        while line := file.readline(lines.LONGEST + 1):
            total.update(line)
            yield line
    if total.hexdigest() != part.sha256:
        raise Invalid(f"{path} was changed after it was written: its checksum differs")


def _made(here: _Here, table: Table, line: bytes, path: Path, number: int) -> Row:
    try:
        row = lines.read(table, line)
        _refuse_false(here, table, row)
        row = _sealed(here, table, row)
    except ValueError as error:
        raise Invalid(f"{path}, line {number}: {error}") from error
    return {goods.owner(table).name: _owner(here.brand, table)} | row


def _owner(brand: BrandRef, table: Table) -> int | str:
    return brand.key if table.schema == consent.SCHEMA else brand.id


def _refuse_false(here: _Here, table: Table, row: Row) -> None:
    """Raises `ValueError` where a row would make somebody another, or a refusal unheard."""
    if table.name == "persons":
        _refuse_other_person(here.brand, row["id"], row["ref"])
    elif table.name == "addresses":
        address = Identity(Kind(row["kind"]), row["value"])
        if row["hash"] not in here.means.hasher.all(address):
            raise ValueError("hash: is not that of this address")
    elif table is consent.listings:
        if row[_EDITION] not in here.editions:
            raise ValueError(f"{_EDITION}: no line of editions.ndjson has this id")
        row[_EDITION] = here.editions[row[_EDITION]]


def _refuse_other_person(brand: BrandRef, id_: UUID, ref: str) -> None:
    if id_ != person_id(brand, ref) and ref != f"erased {id_}":
        raise ValueError("id: is not that of the person of this ref")


def _sealed(here: _Here, table: Table, row: Row) -> Row:
    """The row with personal data sealed under the key that the brand got here."""
    told = dict(row)
    for one in personal.EVERY:
        if one.table != table.name or told[one.column] is None:
            continue
        value, of = told[one.column], sealed.row_of(one, row)
        if isinstance(value, bytes):
            told[one.column] = sealed.seal_bytes(here.tx, one, value, *of)
        elif isinstance(value, Mapping):
            if sealed.PARTS in value:
                raise ValueError(f"{one.column}: no part of a document is called {sealed.PARTS!r}")
            told[one.column] = sealed.seal_parts(here.tx, one, value, *of)
        else:
            told[one.column] = sealed.seal(here.tx, one, value, *of)
    return told


def _insert(here: _Here, table: Table, rows: Sequence[Row], path: Path, before: int) -> None:
    """All at once; where PostgreSQL refuses one, once more one by one, to say which."""
    if table is consent.editions:
        _editions(here, rows)
        return
    try:
        with here.tx.begin_nested():
            here.tx.exec_driver_sql(_statement(table), [_values(table, row) for row in rows])
    except DBAPIError as refused:
        number, why = _refused(here.tx, table, rows) or (0, refused)
        said = str(why.orig).partition("\n")[0]
        raise Invalid(f"{path}, line {before + number}: {said}") from refused


def _refused(tx: Connection, table: Table, rows: Sequence[Row]) -> tuple[int, DBAPIError] | None:
    for number, row in enumerate(rows, start=1):
        try:
            tx.exec_driver_sql(_statement(table), _values(table, row))
        except DBAPIError as error:
            return number, error
    return None


def _editions(here: _Here, rows: Sequence[Row]) -> None:
    """A list at a time, each under a number of this database; there are few."""
    table = consent.editions
    for row in rows:
        there = row.pop("id")
        asked = f"{_statement(table, without='id')} returning id"
        values = _values(table, row)
        here.editions[there] = int(here.tx.exec_driver_sql(asked, values).scalar_one())


def _statement(table: Table, *, without: str = "") -> str:
    names = [c.name for c in goods.columns(table) if c.name != without]
    named = ", ".join(f'"{name}"' for name in (goods.owner(table).name, *names))
    holes = ", ".join(["%s"] * (1 + len(names)))
    return f"insert into {table.fullname} ({named}) values ({holes})"


def _values(table: Table, row: Row) -> tuple[object, ...]:
    """In the order of the statement; a document as PostgreSQL takes one."""
    kinds = {column.name: column for column in table.columns}
    return tuple(
        Jsonb(value) if isinstance(kinds[name].type, JSON) and value is not None else value
        for name, value in row.items()
    )
