"""What is older than somebody wants to keep it, and how is it let go of?

A set at a time, in a transaction of the brand's. The database holds to `security.KEPT` by its own
clock and a policy of its own: what is younger cannot be deleted, whoever asks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef

# Only of what has ended: an attempt without a known outcome may still be settled by a late receipt,
# and an end is proven by its attempt (`reports.reconcile`) until its day has come.
_ENDED = """
    from outreach.touches t where t.brand_id = a.brand_id and t.id = a.touch_id
    and t.settled_at < :before
"""
_PROVEN = "a.started_at < :before and a.outcome in ('accepted', 'refused')"
_OLD: Mapping[str, tuple[str, str]] = {
    "verdicts": ("outreach.verdicts a", "a.at < :before"),
    "attempts": ("outreach.attempts a", f"{_PROVEN} and exists (select {_ENDED})"),
    "receipts": ("outreach.receipts a", f"a.at < :before and exists (select {_ENDED})"),
    "settlements": ("outreach.settlements a", "a.at < :before"),
    "contacts": ("outreach.contacts a", "a.at < :before"),
}
_DELETE = {
    name: text(f"""
        delete from {table} where a.ctid = any(array(
            select a.ctid from {table} where {old} limit :limit))
    """)
    for name, (table, old) in _OLD.items()
}
# A task stays, as the touch does; what agents read and wrote goes, as when a person is forgotten.
_SPOKEN: Mapping[str, tuple[str, str, str]] = {
    "tasks": (
        "id",
        "closed_at < :before and (number <> '' or script <> '' or note is not null)",
        "number = '', other_number = null, script = '', note = null",
    ),
    "calls": (
        "task_id, number",
        "settled_at < :before and (note is not null or answers <> '{}' or said <> '{}')",
        "note = null, answers = '{}', said = '{}'",
    ),
    "replies": ("id, person_id", "at < :before and text <> ''", "text = ''"),
}
_SILENCE = {
    name: text(f"""
        update outreach.{name} set {silent} where (brand_id, {key}) in (
            select brand_id, {key} from outreach.{name} where {old} limit :limit)
    """)
    for name, (key, old, silent) in _SPOKEN.items()
}
_LET_GO = _DELETE | _SILENCE
KINDS: Sequence[str] = tuple(_LET_GO)
_COUNT = {
    name: text(f"select count(*) from {table} where {old}")
    for name, (table, old) in (
        *_OLD.items(),
        *((name, (f"outreach.{name}", old)) for name, (_, old, _) in _SPOKEN.items()),
    )
}
_DUE = text("""
    select id, key from outreach.brands
    where kept_since is null or kept_since < :before order by id
""")
_KEPT_SINCE = text("""
    update outreach.brands set kept_since = greatest(kept_since, :before)
    where kept_since is null or kept_since < :before
""")


def due(tx: Connection, *, before: datetime) -> list[BrandRef]:
    """The brands that may still keep something older; asked as the watch role."""
    return [BrandRef(row.id, row.key) for row in tx.execute(_DUE, {"before": before})]


def let_go(tx: Connection, *, before: datetime, limit: int) -> dict[str, int]:
    """Let go of at most so many of each kind; answers how many it was."""
    values = {"before": before, "limit": limit}
    return {name: tx.execute(said, values).rowcount for name, said in _LET_GO.items()}


def count(tx: Connection, *, before: datetime) -> dict[str, int]:
    """How many of each kind there are to let go of."""
    return {
        name: int(tx.execute(said, {"before": before}).scalar_one())
        for name, said in _COUNT.items()
    }


def done(tx: Connection, *, before: datetime) -> None:
    """Write down that nothing older is kept."""
    tx.execute(_KEPT_SINCE, {"before": before})
