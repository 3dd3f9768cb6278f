"""What of the installation does a replay take along, and how can it be sure to change nothing?

Whole tables of one brand, as they are at one instant, read in a transaction that PostgreSQL itself
keeps from writing. They stand in a schema `kept` beside the tables of the replay, so that the
installation is left alone from then on and several replays begin from the same facts.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from optout import tables as consent
from outreach.db import tables
from outreach.db.engine import BrandRef, Database

KEPT = "kept"

# Who may ask us and did, what came as bytes and what was counted of it decides about nobody; nor
# does what agents did, since the days pass without them. Keys of personal data stay where they
# open: the replay asks the same vault.
LEFT_OUT = frozenset(
    {
        "accounts",
        "api_keys",
        "approvals",
        "audit",
        "calls",
        "case_notes",
        "case_work",
        "data_keys",
        "entrusted",
        "export_rows",
        "exports",
        "feeds",
        "guard_looks",
        "guard_stops",
        "guesses",
        "handovers",
        "inbox",
        "intake",
        "invited_calls",
        "kept_counts",
        "legal_holds",
        "mirrored",
        "mirrors",
        "mornings",
        "own_addresses",
        "pending_erasures",
        "proofs",
        "push_refusals",
        "push_tokens",
        "queues",
        "record_rebuilds",
        "replies",
        "reply_scores",
        "reviews",
        "scorecards",
        "scores",
        "seats",
        "sessions",
        "settlements",
        "shared_refusals",
        "sources",
        "sums",
        "sum_changes",
        "sweeps",
        "taken_lists",
        "tasks",
        "unheard",
        "users",
    }
)


def every() -> list[Table]:
    """The tables that are taken along, those first that others point to."""
    known = [*tables.metadata.sorted_tables, *consent.metadata.sorted_tables]
    return [table for table in known if table.name not in LEFT_OUT]


def columns(table: Table) -> str:
    """All columns of the table, as a statement names them."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def make_room(ground: Connection) -> None:
    """Make the empty tables that are filled with what is taken along; what stood there goes."""
    ground.execute(text(f"drop schema if exists {KEPT} cascade"))
    ground.execute(text(f"create schema {KEPT}"))
    for table in every():
        made = f"create unlogged table {KEPT}.{table.name} (like {table.schema}.{table.name})"
        ground.execute(text(made))
    ground.execute(
        text(f"create unlogged table {KEPT}.texts (touch_id uuid primary key, words text)")
    )


def take(database: Database, brand: BrandRef, ground: Connection) -> None:
    """Take the brand's rows along, table by table; none is ever held in memory as a whole."""
    with database.reading(brand) as tx:
        tx.execute(text("set local statement_timeout = 0"))
        for table in every():
            _into(ground, table, _rows(tx, table))
    ground.execute(text(f"create index on {KEPT}.touches (id)"))
    ground.execute(text(f"create index on {KEPT}.events (id)"))
    ground.execute(text(f"create index on {KEPT}.entries (id)"))


def _rows(tx: Connection, table: Table) -> Iterator[bytes]:
    asked = f"copy (select {columns(table)} from {table.schema}.{table.name}) to stdout"
    cursor = tx.connection.cursor()
    with cursor.copy(asked) as out:
        yield from out


def _into(ground: Connection, table: Table, rows: Iterator[bytes]) -> None:
    cursor = ground.connection.cursor()
    with cursor.copy(f"copy {KEPT}.{table.name} ({columns(table)}) from stdin") as into:
        for some in rows:
            into.write(some)
