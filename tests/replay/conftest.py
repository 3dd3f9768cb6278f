"""What does a replay stand on in tests? A database like any other test's."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from outreach.embedded import desk
from outreach.replay.ground import Ground

_NUMBERS = count(1)


@pytest.fixture
def ground(migrated: desk.Servers, postgres_url: str) -> Iterator[Ground]:
    """An empty database in which days may pass again."""
    name = f"replayed_{next(_NUMBERS)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template outreach owner outreach_owner")
        yield Ground(
            migrated.superuser_url.replace("/postgres?", f"/{name}?"),
            migrated.database_url.replace("/outreach?", f"/{name}?"),
        )
        connection.execute(f"drop database {name} with (force)")
