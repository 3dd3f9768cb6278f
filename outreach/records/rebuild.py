"""Do the records say what the event log says, and if not, how do they come to?

The log is told again in chunks, each in a transaction of its own, by the order of ids: what is told
twice changes nothing, so records stay readable throughout, events go on coming in, and a rebuild
that broke off goes on where it was. What the log did not bear out is removed in the end. Nobody is
contacted by it: nothing follows from a rebuild, but that the group is told anew whom to spare.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.events import store as events
from outreach.records import completion, holds, store
from outreach.records.fold import fold
from outreach.records.kinds import KINDS

CHUNK = 1000  # events a transaction
# A request that was under way when the rebuild began may write a record with an earlier instant.
_UNDER_WAY = timedelta(hours=1)

_BEGIN = text("""
    insert into outreach.record_rebuilds (brand_id, started_at) values (:brand, :now)
    on conflict (brand_id) do nothing
""")
_AT = text("select started_at, after, events from outreach.record_rebuilds for update")
_GO_ON = text("update outreach.record_rebuilds set after = :after, events = :events")
_END = text("delete from outreach.record_rebuilds")
# Two sets of rows with one count and one sum of hashes are the same rows.
_COUNT = {
    kind.table: text(f"""
        select count(*) as many,
               coalesce(sum(hashtextextended(cast(known as text), 0)), 0) as digest
        from (select to_jsonb(t) - 'projected_at'
                     || jsonb_build_object('as_of', {store.since(kind, "t")}) as known
              from outreach.{kind.table} t) kept""")
    for kind in KINDS
}
_SWEEP = {
    kind.table: text(f"delete from outreach.{kind.table} where projected_at < :before")
    for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: since when, after which event, and how many there were so far."""

    started_at: datetime
    after: UUID | None
    events: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind there are, and a sum that another set would not have."""

    many: int
    digest: int


def counted(tx: Connection) -> dict[str, Count]:
    """The records of each kind, by their table."""
    return {
        table: Count(row.many, int(row.digest))
        for table, query in _COUNT.items()
        for row in tx.execute(query)
    }


def begin(tx: Connection, brand: BrandRef, *, now: datetime) -> Progress:
    """Begin a rebuild, or find the one that broke off."""
    tx.execute(_BEGIN, {"brand": brand.id, "now": now})
    return _progress(tx)


def step(tx: Connection, brand: BrandRef, *, now: datetime, limit: int = CHUNK) -> Progress | None:
    """Tell the next events again; `None` when there is none. Another rebuild waits meanwhile."""
    at = _progress(tx)
    told = events.after(tx, at.after, limit=limit)
    if not told:
        return None
    merged = store.merge(tx, brand, fold(told), now=now)
    completion.settle(tx, merged.told)
    further = Progress(at.started_at, told[-1].id, at.events + len(told))
    tx.execute(_GO_ON, {"after": further.after, "events": further.events})
    return further


def end(tx: Connection) -> dict[str, int]:
    """Remove what no event bears out, by kind, and end the rebuild."""
    before = _progress(tx).started_at - _UNDER_WAY
    removed = {
        table: tx.execute(query, {"before": before}).rowcount for table, query in _SWEEP.items()
    }
    brand = brands.get(tx)
    care = brand.profile.care
    holds.refresh(tx, brand.ref, kinds=care.kinds, grace=care.grace)
    tx.execute(_END)
    return removed


def _progress(tx: Connection) -> Progress:
    return Progress(*tx.execute(_AT).one())
