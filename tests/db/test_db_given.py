"""Do rows that are handed over reach the next statement, and nobody else?"""

from uuid import UUID

from sqlalchemy import Connection, text

from outreach.app import Outreach
from outreach.db.given import Given
from tests import builders as b

PAIRS = Given("pairs", {"id": "uuid", "word": "text", "number": "smallint"})


def held(tx: Connection) -> list[tuple[UUID, str | None, int]]:
    return [tuple(row) for row in tx.execute(text(f"select * from {PAIRS.table} order by number"))]


def test_rows_are_read_as_they_were_handed_over(shared_app: Outreach) -> None:
    """Nothing in a text is taken for a sign of the format, and nothing is nothing."""
    brand = b.a_brand(shared_app, "given")
    rows = [(UUID(int=1), "a\tb\\N\n花", 1), (UUID(int=2), None, 2)]
    with shared_app.means.database.begin(brand) as tx:
        PAIRS.hand_over(tx, rows)
        assert held(tx) == rows


def test_what_is_handed_over_stands_alone(shared_app: Outreach) -> None:
    """A second set in one transaction takes the place of the first, and none outlives it."""
    brand = b.a_brand(shared_app, "given")
    with shared_app.means.database.begin(brand) as tx:
        PAIRS.hand_over(tx, [(UUID(int=1), "one", 1)])
        PAIRS.hand_over(tx, [(UUID(int=2), "two", 2)])
        assert held(tx) == [(UUID(int=2), "two", 2)]
        here = tx.execute(text("select pg_backend_pid()")).scalar_one()
    with shared_app.means.database.begin(brand) as tx:
        assert tx.execute(text("select pg_backend_pid()")).scalar_one() == here
        assert held(tx) == []


def test_another_shape_has_another_table() -> None:
    """A session that an older release left in a pool is not asked for columns that it lacks."""
    assert Given("pairs", {"id": "uuid"}).table != PAIRS.table
