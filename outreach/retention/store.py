"""What is older than a brand wants to keep it, and how is it let go of?

A set at a time, in a transaction of the brand's. The database holds to `security.KEPT` by its own
clock and a policy of its own: what is younger cannot be deleted of the ledger, whoever asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Connection, Row, TextClause, text

from outreach.brands.terms import Term
from outreach.db.engine import BrandRef
from outreach.retention.kinds import DELETED, KINDS, Kind

_ALWAYS = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
_STRIDE = timedelta(days=1)  # of what is walked, in one statement
_STRIDES = 50  # at most in one transaction
# What nobody may fetch any more, or decide on.
_OVER = text("""
    delete from outreach.export_rows r where r.ctid = any(array(
        select x.ctid from outreach.export_rows x
        join outreach.exports e on e.brand_id = x.brand_id and e.id = x.export_id
        where e.ends_at < :now limit :limit))
""")
_TOUCHES = text("select id from outreach.touches where person_id = any(:persons)")
_DUE = text("""
    select id, key from outreach.brands b where not exists (
        select from outreach.sweeps s
        where s.brand_id = b.id and s.day = :day and s.done_at is not null)
    order by id
""")
_KEPT_SINCE = text("""
    update outreach.brands set kept_since = greatest(kept_since, :before)
    where kept_since is null or kept_since < :before
""")
_BEGIN = text("""
    insert into outreach.sweeps (brand_id, day, began_at, befores, gone, held)
    values (:brand, :day, :now, cast(:befores as jsonb), '{}', 0)
    on conflict (brand_id, day) do update set befores = excluded.befores, done_at = null,
        reached = '{}', held = 0
        where sweeps.befores <> excluded.befores
""")
# Whoever finds another at it leaves the set to them.
_TAKE = text("""
    select gone, reached from outreach.sweeps where day = :day and done_at is null
    for update skip locked
""")
_NOTE = text("""
    update outreach.sweeps
    set gone = cast(:gone as jsonb), reached = cast(:reached as jsonb),
        held = greatest(held, :held),
        done_at = case when :last then cast(:now as timestamptz) end
    where day = :day
""")
# One that a hold had spare somebody has left something behind, though it ended before the sweep.
_BEFORE = text("""
    select s.befores from outreach.sweeps s
    where s.done_at is not null and s.day < :day and s.held = 0
    order by s.day desc limit 1
""")
# Along `events_pending`, which holds little else than what came in a moment ago.
_PENDING = text("select min(received_at) from outreach.events where state = 'pending'")
_NEWEST = text("""
    select day, began_at, done_at, befores, gone, held from outreach.sweeps
    order by day desc limit :limit
""")


@dataclass(frozen=True, slots=True)
class Old:
    """What is to go: before when of each kind, since when nobody looked, and who is spared."""

    befores: Mapping[Term, datetime]
    now: datetime
    since: Mapping[Term, datetime]
    persons: Sequence[UUID] = ()
    touches: Sequence[UUID] = ()

    def values(self, kind: Kind, *, limit: int) -> dict[str, object]:
        """What the statements of a kind are asked with."""
        before = self.befores[kind.term]
        return {
            "before": before, "since": self.since.get(kind.term, _ALWAYS), "until": before,
            "persons": list(self.persons), "touches": list(self.touches), "limit": limit,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many of each kind went in one set, how far what is walked was walked, and is that all?"""

    gone: Mapping[str, int]
    reached: Mapping[str, datetime]
    last: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """What has gone of each kind today already, and how far what is walked was walked."""

    gone: Mapping[str, int]
    reached: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Swept:
    """The report of one day: what went by kind, and how many holds spared somebody."""

    day: date
    began_at: datetime
    done_at: datetime | None
    befores: Mapping[str, str]
    gone: Mapping[str, int]
    held: int


def _where(kind: Kind) -> str:
    at = f"a.{kind.since}"
    since = f" and {at} >= :since and {at} < :until" if kind.since else ""
    return f"outreach.{kind.table} a where {kind.old}{since} and {kind.spared}"


def _deed(kind: Kind) -> TextClause:
    head = f"delete from outreach.{kind.table} a"
    if kind.becomes != DELETED:
        head = f"update outreach.{kind.table} a set {kind.becomes}"
    chosen = f"select a.ctid from {_where(kind)} limit :limit"
    return text(f"{head} where a.ctid = any(array({chosen}))")


_LET_GO = {name: _deed(kind) for name, kind in KINDS.items()}
_FIRST = {
    name: text(f"select min(a.{kind.since}) from outreach.{kind.table} a where {kind.old}")
    for name, kind in KINDS.items()
    if kind.since
}
_COUNT = {name: text(f"select count(*) from {_where(kind)}") for name, kind in KINDS.items()}


def due(tx: Connection, *, day: date) -> list[BrandRef]:
    """The brands that were not swept to the end on this day; asked as the watch role."""
    return [BrandRef(row.id, row.key) for row in tx.execute(_DUE, {"day": day})]


def let_go(
    tx: Connection, old: Old, *, limit: int, reached: Mapping[str, datetime] | None = None
) -> LetGo:
    """Let go of at most so many of each kind, going on where a set before this one `reached`."""
    gone, now_at = dict[str, int](), dict[str, datetime]()
    for name, kind in KINDS.items():
        if kind.since:
            from_ = (reached or {}).get(name)
            gone[name], now_at[name] = _walked(tx, old, name, limit=limit, from_=from_)
        else:
            gone[name] = tx.execute(_LET_GO[name], old.values(kind, limit=limit)).rowcount
    gone["export_rows"] = tx.execute(_OVER, {"now": old.now, "limit": limit}).rowcount
    through = all(at >= old.befores[KINDS[name].term] for name, at in now_at.items())
    return LetGo(gone, now_at, last=through and max(gone.values()) < limit)


def _walked(
    tx: Connection, old: Old, name: str, *, limit: int, from_: datetime | None
) -> tuple[int, datetime]:
    """Strides over days in which there is less than the limit; answers where it came to stand."""
    asked = old.values(KINDS[name], limit=limit)
    before = old.befores[KINDS[name].term]
    at, gone = from_ or _begins(tx, old, name), 0
    for _ in range(_STRIDES):
        if at >= before or gone >= limit:
            break
        until = min(before, at + _STRIDE)
        told = {"since": at, "until": until, "limit": limit - gone}
        many = tx.execute(_LET_GO[name], asked | told).rowcount
        at = until if gone + many < limit else at
        gone += many
    return gone, at


def _begins(tx: Connection, old: Old, name: str) -> datetime:
    """Where the last sweep ended; of the first one the oldest row, looked for once."""
    kind = KINDS[name]
    before = old.befores[kind.term]
    if (since := old.since.get(kind.term)) is not None:
        return since
    oldest: datetime | None = tx.execute(_FIRST[name], {"before": before}).scalar_one()
    return oldest or before


def count(tx: Connection, old: Old) -> dict[str, int]:
    """How many of each kind there are to let go of."""
    return {
        name: int(tx.execute(said, _without_limit(old, KINDS[name])).scalar_one())
        for name, said in _COUNT.items()
    }


def _without_limit(old: Old, kind: Kind) -> dict[str, object]:
    return {name: value for name, value in old.values(kind, limit=0).items() if name != "limit"}


def touches_of(tx: Connection, persons: Sequence[UUID]) -> list[UUID]:
    """The touches of these persons."""
    return list(tx.execute(_TOUCHES, {"persons": list(persons)}).scalars()) if persons else []


def left_behind(tx: Connection, befores: Mapping[Term, datetime]) -> dict[Term, datetime]:
    """Before when a sweep leaves nothing behind.

    An event that no campaign was held against yet keeps what it says, however old it is: the next
    sweep begins with it.
    """
    pending: datetime | None = tx.execute(_PENDING).scalar_one()
    until = befores["events"]
    return {**befores, "events": until if pending is None else min(until, pending)}


def begin(
    tx: Connection, brand: BrandRef, *, day: date, befores: Mapping[Term, datetime], now: datetime
) -> Begun | None:
    """Begin the day's sweep, or go on with it; None where there is nothing to do, or somebody is at
    it.
    """
    told = {"brand": brand.id, "day": day, "now": now, "befores": to_json(befores).decode()}
    tx.execute(_BEGIN, told)
    row: Row[Any] | None = tx.execute(_TAKE, {"day": day}).one_or_none()
    return Begun(row.gone, _instants(row.reached)) if row else None


def last(tx: Connection, *, day: date) -> Mapping[str, datetime]:
    """Before when of each kind everything went in the last sweep that spared nobody."""
    row = tx.execute(_BEFORE, {"day": day}).one_or_none()
    return _instants(row.befores) if row else {}


def _instants(told: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in told.items()}


def note(tx: Connection, begun: Begun, *, day: date, held: int, last: bool, now: datetime) -> None:
    """Keep how far the day's sweep has come."""
    told = {"gone": to_json(begun.gone).decode(), "reached": to_json(begun.reached).decode()}
    tx.execute(_NOTE, told | {"day": day, "held": held, "last": last, "now": now})


def kept_since(tx: Connection, *, before: datetime) -> None:
    """Write down that no ledger older than that is kept."""
    tx.execute(_KEPT_SINCE, {"before": before})


def newest(tx: Connection, *, limit: int = 14) -> list[Swept]:
    """The reports of the last days, the newest first."""
    return [Swept(**row._asdict()) for row in tx.execute(_NEWEST, {"limit": limit})]
