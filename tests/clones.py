"""How does a test get a database of its own? A copy of the migrated one, emptied and used again.

A copy costs the server a hundred times what emptying a few tables does. What a test did to the
schema, to statistics or to sizes is not undone: such a copy is dropped, and the next test gets a
new one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import LiteralString, cast

import psycopg

from outreach.embedded import desk

Connection = psycopg.Connection[tuple[object, ...]]

_NUMBERS = count(1)

_LARGE = 4_000_000
"""Bytes by which a copy may have grown and still be used again."""

_OURS = """
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""

# Whatever changes what there is writes new rows into the catalogue; analysing adds statistics.
_SHAPE = f"""
    select (select sum(c.xmin::text::bigint) {_OURS}),
           (select count(*) {_OURS}),
           (select sum(xmin::text::bigint) from pg_attribute where attrelid >= 16384),
           (select sum(xmin::text::bigint) from pg_constraint where oid >= 16384),
           (select sum(xmin::text::bigint) from pg_proc where oid >= 16384),
           (select sum(xmin::text::bigint) from pg_trigger),
           (select sum(xmin::text::bigint) from pg_policy),
           (select sum(xmin::text::bigint) from pg_namespace),
           (select count(*) from pg_db_role_setting),
           (select count(*) from pg_statistic where starelid >= 16384)
"""

_TABLES = f"""
    select format('%I.%I', n.nspname, c.relname) {_OURS}
    and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'alembic_version'
"""

_OTHERS = """
    select pg_terminate_backend(pid, 1000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""

_BEGIN_AGAIN = """
    select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    from pg_sequences where last_value is not null
"""


@dataclass(frozen=True, slots=True)
class Clone:
    """The ways into one copy: for whoever may do everything, and for the application's role."""

    superuser_url: str
    url: str


@dataclass(frozen=True, slots=True)
class _Copy:
    name: str
    ways: Clone
    shape: object
    size: int
    filled: LiteralString
    """Asks which tables hold something."""


_unused: dict[str, list[_Copy]] = {}
"""By server: copies that were emptied."""


@contextmanager
def cloned(migrated: desk.Servers) -> Iterator[Clone]:
    """An empty database, for as long as it is held."""
    unused = _unused.setdefault(migrated.superuser_url, [])
    copy = unused.pop() if unused else _made(migrated)
    yield copy.ways
    if _emptied(copy):
        unused.append(copy)
    else:
        _dropped(migrated, copy)


def _made(migrated: desk.Servers) -> _Copy:
    """A copy by files, which a server that need not be durable does faster than page by page."""
    name = f"test_{next(_NUMBERS)}"
    with _connected(migrated.superuser_url) as connection:
        connection.execute(
            f"create database {name} template outreach owner outreach_owner strategy file_copy"
        )
    ways = Clone(
        migrated.superuser_url.replace("/postgres?", f"/{name}?"),
        migrated.database_url.replace("/outreach?", f"/{name}?"),
    )
    with _connected(ways.superuser_url) as connection:
        tables = [str(table) for (table,) in connection.execute(_TABLES)]
        filled = " union all ".join(
            f"select '{table}' where exists (select from {table})" for table in tables
        )
        return _Copy(name, ways, *_measured(connection), cast("LiteralString", filled))


def _dropped(migrated: desk.Servers, copy: _Copy) -> None:
    with _connected(migrated.superuser_url) as connection:
        connection.execute(f"drop database {copy.name} with (force)")


def _emptied(copy: _Copy) -> bool:
    """Whether the copy is again as it was made; if not, it is left alone."""
    with _connected(copy.ways.superuser_url) as connection:
        connection.execute(_OTHERS)
        shape, size = _measured(connection)
        if shape != copy.shape or size > copy.size + _LARGE:
            return False
        # Without triggers: neither sums nor what may only be added to are in the way.
        connection.execute("set session_replication_role = replica")
        for (table,) in connection.execute(copy.filled).fetchall():
            connection.execute(cast("LiteralString", f"delete from {table}"))
        connection.execute(_BEGIN_AGAIN)
        return True


def _measured(connection: Connection) -> tuple[object, int]:
    shape = connection.execute(_SHAPE).fetchone()
    (size,) = connection.execute("select pg_database_size(current_database())").fetchone() or (0,)
    return shape, cast("int", size)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection
