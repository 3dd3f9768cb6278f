"""What does a transaction promise, and what does it say when the server is away?"""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef, Database
from outreach.errors import Misconfigured, Trouble
from outreach.people import store as people
from tests import builders as b

_PID = text("select pg_backend_pid()")


def test_a_server_that_is_away_is_trouble() -> None:
    """Callers hear that nothing was lost, and not a driver's words alone."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Trouble, match="database"), database.begin(BrandRef(1, "lumen")):
        pytest.fail("there is no server")


def test_a_pool_that_is_used_up_is_trouble(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting in vain for a connection is the server's fault and not the caller's."""
    database = Database(database_url, connections=1)
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.01)
    brand = BrandRef(1, "lumen")
    with (
        database.begin(brand),
        database.begin(brand),
        pytest.raises(Trouble),
        database.begin(brand),
    ):
        pytest.fail("there is no third connection")
    database.close()


def test_a_connection_that_the_server_left_is_replaced(
    database_url: str, postgres_url: str
) -> None:
    """Whoever begins after the server was started again notices nothing, in every way to begin."""
    database = Database(database_url)
    brand = BrandRef(1, "lumen")
    ways = (lambda: database.begin(brand), lambda: database.reading(brand), database.watch)
    for begun in ways:
        with database.begin(brand) as tx, database.begin(brand) as beside:
            pids = [one.execute(_PID).scalar_one() for one in (tx, beside)]
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from unnest(%s) pid", (pids,)
            )
        with begun() as tx:
            assert tx.execute(_PID).scalar_one() not in pids
    database.close()


def test_an_address_that_is_none_is_a_misconfiguration() -> None:
    """The sentence names the form that works, since the driver's own words do not."""
    with pytest.raises(Misconfigured, match="postgresql"):
        Database("postgres:/nowhere")


def test_what_breaks_off_leaves_nothing_behind(app: Outreach) -> None:
    """Whatever raised, the transaction is rolled back as a whole."""
    brand = b.a_brand(app)
    person = b.a_person(app, brand)

    def changed_and_broken_off() -> None:
        with app.means.database.begin(brand) as tx:
            tx.execute(text("update outreach.persons set name = 'changed'"))
            raise KeyError

    with pytest.raises(KeyError):
        changed_and_broken_off()
    with app.means.database.begin(brand) as tx:
        assert people.by_id(tx, [person.id])[person.id].name == person.name


def test_instants_come_back_in_utc_wherever_the_server_stands(
    app: Outreach, database_url: str, postgres_url: str
) -> None:
    """Adding two days to an instant must not follow the clock changes at the server's home."""
    name = app.means.database.engine.url.database
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"alter database {name} set timezone to 'America/New_York'")
    database = Database(database_url)
    with database.begin(BrandRef(1, "lumen")) as tx:
        before = tx.execute(text("select timestamptz '2026-03-07 12:00Z'")).scalar_one()
    database.close()
    assert before + timedelta(days=2) == datetime(2026, 3, 9, 12, tzinfo=UTC)
