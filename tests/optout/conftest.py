"""What do these tests stand on? A database of their own, entered by a role with few rights."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from optout import migrate
from optout.identity import Hasher
from optout.keys import Key

OWNER, APP = "optout_test_owner", "optout_test_app"


@dataclass(frozen=True)
class Home:
    """The addresses of the test database, one for each role."""

    superuser: URL
    owner: URL
    app: URL


@pytest.fixture(scope="session")
def home(postgres_url: str) -> Home:
    root = make_url(postgres_url).set(drivername="postgresql+psycopg")
    with _connected(root, isolation_level="AUTOCOMMIT") as connection:
        for role in (OWNER, APP):
            connection.execute(text(f"create role {role} login"))
        connection.execute(text(f"create database optout_test owner {OWNER}"))
    here = root.set(database="optout_test")
    home = Home(here, here.set(username=OWNER), here.set(username=APP))
    with _connected(home.owner) as connection:
        migrate.upgrade(connection, app_role=APP)
        connection.commit()
    return home


@pytest.fixture(scope="session")
def engine(home: Home) -> Iterator[Engine]:
    """The application's way in: neither owner nor superuser."""
    engine = create_engine(home.app)
    yield engine
    engine.dispose()


@pytest.fixture
def tx(engine: Engine) -> Iterator[Connection]:
    """An open transaction, rolled back in the end."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def emptied(home: Home) -> Iterator[None]:
    """For tests that commit: the tables are empty again in the end."""
    yield
    with _connected(home.owner) as connection, connection.begin():
        connection.execute(
            text("truncate optout.entries, optout.gates, optout.editions, optout.listings")
        )


@pytest.fixture(scope="session")
def hasher() -> Hasher:
    return Hasher([Key(1, b"k" * 32)])


def _connected(url: URL, **options: str) -> Connection:
    return create_engine(url, poolclass=NullPool, **options).connect()
