"""Is a report counted for this look, or shown as it was counted a while ago?

What is counted within `SOON` is counted for every look. What takes longer is kept, shown with the
instant at which it was counted, and counted again beside the ticks: the longer it takes the less
often, so that counting takes a sixtieth of the time at most. What nobody looked at for a week is
let go of. One at a time counts a report: whoever looks meanwhile is shown what is kept, however old
it is, or waits a moment where nothing is. Commands always count: they are what the kept is checked
against.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, text

from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Means
from outreach.errors import Trouble
from outreach.reports import client, domains, metering, period, providers
from outreach.reports.client import Month
from outreach.reports.domains import Domain
from outreach.reports.metering import Used
from outreach.reports.period import Period
from outreach.reports.providers import Provider

SOON = timedelta(milliseconds=500)
OLDEST: Final = timedelta(days=1)  # older ones are of a time when nothing ticked
WEEK: Final = timedelta(days=7)

_SELDOM, _AT_LEAST = 60, timedelta(minutes=5)
_LEASE = timedelta(hours=1)
_EVER = datetime(1, 1, 2, tzinfo=UTC)
_NOT_IN_TIME = "55P03"  # lock_not_available: PostgreSQL, Appendix A
_SEEN_EVERY, _UNSEEN = timedelta(days=1), timedelta(days=7)
_READ = text("""
    select counted_at, seen_at, told from outreach.kept_counts
    where name = :name and counted_at > :oldest
""")
_KEEP = text("""
    insert into outreach.kept_counts (brand_id, name, counted_at, again_at, seen_at, told)
    values (:brand, :name, :now, :again_at, :now, cast(:told as jsonb))
    on conflict (brand_id, name) do update
    set counted_at = excluded.counted_at, again_at = excluded.again_at, told = excluded.told
    where kept_counts.counted_at <= excluded.counted_at
""")
_SEEN = text("update outreach.kept_counts set seen_at = :now where name = :name")
_LET_GO = text("delete from outreach.kept_counts where name = :name or seen_at < :unseen_since")
_WANTED = text("""
    select b.id, b.key from outreach.brands b
    where exists (
        select from outreach.kept_counts k where k.brand_id = b.id and k.again_at <= :now)
    order by b.id
""")
# Whoever takes one counts it alone; if it never comes back, another does after the lease.
_TAKE = text("""
    update outreach.kept_counts set again_at = :until
    where name = (
        select name from outreach.kept_counts where again_at <= :now
        order by again_at, name limit 1 for update skip locked)
    returning name
""")

# Both begin with what tells this lock from others; held until the transaction ends.
_LOCK = "hashtextextended('counting ' || :brand || ' ' || :name, 0)"
_ALONE = text(f"select pg_try_advisory_xact_lock({_LOCK})")
_PATIENCE = text("select set_config('lock_timeout', '5s', true)")
_WAIT = text(f"select pg_advisory_xact_lock({_LOCK})")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A sort of report: its name, how it is written down, and how it is counted.

    It is counted for a brand as of an instant; what is asked of it beside these, such as which
    month, is a word.
    """

    name: str
    form: TypeAdapter[T]
    count: Callable[[Connection, str, datetime], T]


@dataclass(frozen=True, slots=True)
class Counted(Generic[T]):
    """A report and when it was counted; `kept` where that was not for this look."""

    what: T
    at: datetime
    kept: bool = False


def _month(tx: Connection, told: str, now: datetime) -> Month:
    return client.gather(tx, brands.get(tx), told, now=now)


def _domains(tx: Connection, told: str, _: datetime) -> list[Domain]:
    since, until = client.month(told, brands.get(tx).zone)
    return domains.of(tx, since=since, until=until)


def _usage(tx: Connection, told: str, _: datetime) -> list[Used]:
    since, until = client.month(told, brands.get(tx).zone)
    return metering.used(tx, since=since, until=until, prices={})


def _providers(tx: Connection, told: str, _: datetime) -> list[Provider]:
    since, until = client.month(told, brands.get(tx).zone)
    return providers.of(tx, since=since, until=until)


def _last_week(tx: Connection, _: str, now: datetime) -> Period:
    return period.of(tx, since=now - WEEK, until=now, zone=brands.get(tx).zone)


MONTH: Final = Kind("month", TypeAdapter(Month), _month)
LAST_WEEK: Final = Kind("week", TypeAdapter(Period), _last_week)
DOMAINS: Final = Kind("domains", TypeAdapter(list[Domain]), _domains)
USAGE: Final = Kind("usage", TypeAdapter(list[Used]), _usage)
PROVIDERS: Final = Kind("providers", TypeAdapter(list[Provider]), _providers)
_KINDS: Final[dict[str, Kind[Any]]] = {
    kind.name: kind for kind in (MONTH, LAST_WEEK, DOMAINS, USAGE, PROVIDERS)
}


def shown(
    means: Means, brand: BrandRef, kind: Kind[T], told: str = "", *, now: datetime
) -> Counted[T]:
    """The report as it is kept, or else counted for this look, and kept where that took long.

    Raises what its count raises, and `Trouble` where somebody else counts it, nothing is kept and
    that takes longer than a few seconds.
    """
    name = f"{kind.name} {told}"
    found = _read(means, brand, kind, name, since=now - OLDEST, now=now)
    found = found or _alone(means, brand, name, now=now)
    found = found or _read(means, brand, kind, name, since=_EVER, now=now)
    if found is None:  # somebody counts it for the first time
        _wait(means, brand, name)
        found = _read(means, brand, kind, name, since=_EVER, now=now)
    return found or _for_this_look(means, brand, name, now=now)


def renew(means: Means) -> int:
    """Count what has become old again, for each brand; answers how many that were."""
    now = means.clock()
    with means.database.watch() as tx:
        wanted = [BrandRef(*row) for row in tx.execute(_WANTED, {"now": now})]
    return sum(_renew(means, brand, now=now) for brand in wanted)


def _renew(means: Means, brand: BrandRef, *, now: datetime) -> int:
    _let_go(means, brand, None, now=now)
    many = 0
    while (name := _taken(means, brand, now=now)) is not None:
        many += _alone(means, brand, name, now=now, again=True) is not None
    return many


def _taken(means: Means, brand: BrandRef, *, now: datetime) -> str | None:
    with means.database.begin(brand) as tx:
        name: str | None = tx.execute(_TAKE, {"now": now, "until": now + _LEASE}).scalar()
    return name


def _let_go(means: Means, brand: BrandRef, name: str | None, *, now: datetime) -> None:
    """Of this one, and of what nobody looked at."""
    with means.database.begin(brand) as tx:
        tx.execute(_LET_GO, {"name": name, "unseen_since": now - _UNSEEN})


def _read(
    means: Means, brand: BrandRef, kind: Kind[T], name: str, *, since: datetime, now: datetime
) -> Counted[T] | None:
    """As it was counted after this instant, if it was."""
    with means.database.reading(brand) as tx:
        row = tx.execute(_READ, {"name": name, "oldest": since}).one_or_none()
    if row is None:
        return None
    try:
        what = kind.form.validate_python(row.told)
    except ValidationError:  # another version wrote it down: it is counted anew
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        with means.database.begin(brand) as tx:
            tx.execute(_SEEN, {"name": name, "now": now})
    return Counted(what, row.counted_at, kept=True)


def _for_this_look(means: Means, brand: BrandRef, name: str, *, now: datetime) -> Counted[Any]:
    """What somebody else counted as well, so soon that it was not kept."""
    with means.database.reading(brand) as tx:
        return Counted(_count(tx, means, name, now=now)[0], now)


def _alone(
    means: Means, brand: BrandRef, name: str, *, now: datetime, again: bool = False
) -> Counted[Any] | None:
    """Count what is so named, unless somebody else does; keep it where that took long.

    What is counted `again` and took no time any more is let go of.
    """
    with means.database.reading(brand) as tx:
        if not tx.execute(_ALONE, {"brand": str(brand.id), "name": name}).scalar_one():
            return None
        what, took = _count(tx, means, name, now=now)
        if took >= SOON:
            _keep(means, brand, name, what, took, now=now)
        elif again:
            _let_go(means, brand, name, now=now)
    return Counted(what, now)


def _wait(means: Means, brand: BrandRef, name: str) -> None:
    """Until whoever counts it is done."""
    try:
        with means.database.begin(brand) as tx:
            tx.execute(_PATIENCE)
            tx.execute(_WAIT, {"brand": str(brand.id), "name": name})
    except Trouble as trouble:
        if getattr(getattr(trouble.__cause__, "orig", None), "sqlstate", None) != _NOT_IN_TIME:
            raise
        raise Trouble("this report is being counted; look again in a minute") from trouble


def _count(tx: Connection, means: Means, name: str, *, now: datetime) -> tuple[Any, timedelta]:
    """What is so named, whatever it is, and how long that took."""
    kind, _, told = name.partition(" ")
    begun = means.steady()
    what = _KINDS[kind].count(tx, told, now)
    return what, timedelta(seconds=means.steady() - begun)


def _keep(
    means: Means, brand: BrandRef, name: str, what: object, took: timedelta, *, now: datetime
) -> None:
    form = _KINDS[name.partition(" ")[0]].form
    values = {
        "brand": brand.id, "name": name, "now": now, "told": form.dump_json(what).decode(),
        "again_at": now + max(_AT_LEAST, _SELDOM * took),
    }  # fmt: skip
    with means.database.begin(brand) as tx:
        tx.execute(_KEEP, values)
