"""How do many rows reach one statement? By COPY, into a table that only their transaction sees.

Half as dear as JSON, for both sides together. The table belongs to the session and stands empty
between transactions, so that nothing is made or dropped for a set of rows.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

_ROOM = "create temporary table if not exists {table} ({columns}) on commit delete rows"
_EMPTY = "delete from {table}"
_COPY = "copy {table} from stdin (format binary)"
_TYPES = {
    "uuid": "uuid", "text": "text", "text[]": "text[]", "smallint": "int2", "integer": "int4",
    "timestamptz": "timestamptz", "bytea": "bytea",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """Rows of one shape: `table` is where a statement reads them.

    Its name says which columns there are: a session that an older release left behind in a pool
    has a table of another name.
    """

    name: str
    columns: Mapping[str, str]
    table: str = field(init=False)

    def __post_init__(self) -> None:
        shape = hashlib.sha256(self._columns.encode()).hexdigest()[:8]
        object.__setattr__(self, "table", f"pg_temp.{self.name}_{shape}")

    @property
    def _columns(self) -> str:
        return ", ".join(f"{name} {kind}" for name, kind in self.columns.items())

    def hand_over(self, tx: Connection, rows: Iterable[Sequence[object]]) -> None:
        """Lay these rows into the table, in their order, and no others."""
        for statement in (_ROOM, _EMPTY):
            tx.execute(text(statement.format(table=self.table, columns=self._columns)))
        driver: Any = tx.connection.dbapi_connection  # psycopg's, which SQLAlchemy does not type
        into = _COPY.format(table=self.table)
        with closing(driver.cursor()) as cursor, cursor.copy(into) as copy:
            copy.set_types([_TYPES[kind] for kind in self.columns.values()])
            for row in rows:
                copy.write_row(row)
