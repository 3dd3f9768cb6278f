"""Which statements run, does one of them read a large table whole, and how many rows are read?

Each statement is explained with its own values just before it is carried out, and whatever a
transaction read is asked of PostgreSQL just before its end.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

LARGE = frozenset({
    "touches", "attempts", "persons", "addresses", "events", "enrolments", "verdicts", "gates",
    "receipts", "inbox", "orders", "parcels",
})  # fmt: skip
_EXPLAINED = ("select", "insert", "update", "delete", "with")
_READ = """
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
    where schemaname in ('outreach', 'optout')
"""


@dataclass(slots=True)
class Watched:
    """How many rows were read, and which statements read a large table from end to end."""

    rows: float = 0.0
    whole: set[str] = field(default_factory=set)
    many: int = 0


@contextmanager
def watching(engine: Engine) -> Iterator[Watched]:
    """While it lasts: what is done through this engine, by transactions that began meanwhile."""
    seen, before = Watched(), dict[int, float]()

    def asked(connection: Any, _: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.strip().lower().startswith(_EXPLAINED):
            seen.many += 1
            if _reads_whole(connection, statement, values):
                seen.whole.add(" ".join(statement.split()))

    def begun(connection: Any) -> None:
        before[id(connection.connection.dbapi_connection)] = _read(connection)

    def done(connection: Any) -> None:
        seen.rows += _read(connection) - before.pop(id(connection.connection.dbapi_connection), 0.0)

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": asked,
        "begin": begun,
        "commit": done,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield seen
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def _read(connection: Any) -> float:
    """Rows so far, of this transaction and of those before it that were not counted yet."""
    with connection.connection.cursor() as cursor:
        return float(cursor.execute(_READ).fetchone()[0] or 0)


def _reads_whole(connection: Any, statement: str, values: Any) -> bool:
    with connection.connection.cursor() as cursor:
        plan = cursor.execute(f"explain (format json) {statement}", values).fetchone()[0]
    told = plan if isinstance(plan, list) else json.loads(plan)
    return any(_whole(one["Plan"]) for one in told)


def _whole(node: dict[str, Any]) -> bool:
    if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in LARGE:
        return True
    return any(_whole(below) for below in node.get("Plans", ()))
