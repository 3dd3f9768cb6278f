"""How does a test get a database of its own? As a copy of the migrated one, dropped afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import psycopg

from outreach.embedded import desk

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Clone:
    """The ways into one copy: for whoever may do everything, and for the application's role."""

    superuser_url: str
    url: str


@contextmanager
def cloned(migrated: desk.Servers) -> Iterator[Clone]:
    """A copy by files, which a server that need not be durable does faster than page by page."""
    name = f"test_{next(_NUMBERS)}"
    way_in = migrated.superuser_url.replace("+psycopg", "")
    with psycopg.connect(way_in, autocommit=True) as connection:
        connection.execute(
            f"create database {name} template outreach owner outreach_owner strategy file_copy"
        )
        yield Clone(
            migrated.superuser_url.replace("/postgres?", f"/{name}?"),
            migrated.database_url.replace("/outreach?", f"/{name}?"),
        )
        connection.execute(f"drop database {name} with (force)")
