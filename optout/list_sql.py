"""How are do-not-contact lists kept in PostgreSQL, and how do ten million lines get there?

Lines travel by COPY into a table of the transaction's own, and from there in the order of their
hashes into the index; row-level security admits no COPY, and an index likes order. Statements as
functions, the open transaction first; none of them commits.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, text

from optout.model import Channel
from optout.scrubs import Edition
from optout.tables import editions

# One import of a list at a time; other lists, and whoever asks, wait for nothing.
_TAKE_TURNS = text("select pg_advisory_xact_lock(hashtext('optout.list'), hashtext(:name))")
_CURRENT = text("""
    select *, id as edition from optout.editions
    where current and name = :name and kind = 'whole' and brand is not distinct from :brand
""")
_HELD = text("""
    select *, id as edition from optout.editions where current order by name, brand, as_of, id
""")
_ROOM = text("create temporary table incoming (hash bytea, listed boolean) on commit drop")
_COPY = "copy incoming (hash, listed) from stdin"

# A number that a file names twice is listed if either line says so.
_ADD = text("""
    insert into optout.listings (hash, edition, brand, listed)
    select hash, :edition, :brand, bool_or(listed) from incoming group by hash order by hash
    on conflict do nothing
""")
_TAKE_OUT = text("""
    delete from optout.listings as kept using incoming
    where kept.edition = :edition and kept.hash = incoming.hash
""")
_ADD_LISTED = text("""
    insert into optout.listings (hash, edition, brand, listed)
    select distinct hash, :edition, :brand, true from incoming where listed order by hash
""")
_EMPTY = text("delete from optout.listings where edition = :edition")
_RETIRE = text("update optout.editions set current = false where id = :edition")
_PUBLISH = text("update optout.editions set current = true where id = :edition")
_MOVE_ON = text("""
    update optout.editions set as_of = :as_of, expires_on = :expires_on where id = :edition
""")
_DROP_ROOM = text("drop table incoming")
Line = bytes


def current(tx: Connection, *, name: str, brand: str | None) -> Edition | None:
    """The whole edition that holds now; from here on this transaction alone imports the list."""
    tx.execute(_TAKE_TURNS, {"name": f"{brand or ''}:{name}"})
    row = tx.execute(_CURRENT, {"name": name, "brand": brand}).one_or_none()
    return None if row is None else edition(row)


def stage(tx: Connection, chunks: Iterable[Line]) -> None:
    """Copy lines, as `line` writes them, into the transaction's own table."""
    tx.execute(_ROOM)
    driver: Any = tx.connection.dbapi_connection  # psycopg's own, which SQLAlchemy does not type
    with closing(driver.cursor()) as cursor, cursor.copy(_COPY) as copy:
        for chunk in chunks:
            copy.write(chunk)


def line(hash_: bytes, *, listed: bool) -> Line:
    """One line in PostgreSQL's text format for COPY."""
    return b"\\\\x%s\t%s\n" % (hash_.hex().encode(), b"t" if listed else b"f")


def publish(tx: Connection, fresh: Edition, *, evidence: str, former: Edition | None) -> Edition:
    """Make what was staged an edition; the former one of the same list goes with its lines."""
    values = {
        "brand": fresh.brand, "name": fresh.name, "kind": fresh.kind, "as_of": fresh.as_of,
        "expires_on": fresh.expires_on, "channels": list(fresh.channels),
        "binding": fresh.binding, "current": False, "evidence": evidence,
    }  # fmt: skip
    id_ = tx.execute(insert(editions).values(values).returning(editions.c.id)).scalar_one()
    tx.execute(_ADD, {"edition": id_, "brand": fresh.brand})
    if former is not None:
        tx.execute(_RETIRE, {"edition": former.id})
        tx.execute(_EMPTY, {"edition": former.id})
    tx.execute(_PUBLISH, {"edition": id_})
    tx.execute(_DROP_ROOM)
    return replace(fresh, id=id_)


def amend(tx: Connection, former: Edition, *, as_of: date, expires_on: date | None) -> Edition:
    """Apply staged changes to an edition: what is listed comes in, what is not goes out."""
    here = {"edition": former.id, "brand": former.brand}
    tx.execute(_TAKE_OUT, {"edition": former.id})
    tx.execute(_ADD_LISTED, here)
    moved = {"edition": former.id, "as_of": as_of, "expires_on": expires_on}
    tx.execute(_MOVE_ON, moved)
    tx.execute(_DROP_ROOM)
    return replace(former, as_of=as_of, expires_on=expires_on)


def edition(row: Row[Any]) -> Edition:  # rows are untyped
    """The edition of which a row speaks."""
    return Edition(
        id=row.edition,
        brand=row.brand,
        name=row.name,
        kind=row.kind,
        as_of=row.as_of,
        expires_on=row.expires_on,
        channels=tuple(Channel(channel) for channel in row.channels),
        binding=row.binding,
    )


def held(tx: Connection) -> list[Edition]:
    """Every edition that holds, of the brand for which the transaction speaks and the agency's."""
    return [edition(row) for row in tx.execute(_HELD)]
