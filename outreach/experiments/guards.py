"""Which campaigns pause themselves, because more people object than may?

Counted are people whom a campaign has contacted since it went live, or since a guardrail stopped it
last: whoever lets it go on has seen what was before. Each counts once, from the first contact, and
only when the time in which an objection counts is over. Whoever was forgotten since counts neither
way: what they said cannot be known any more. What stopped a campaign stays written down. The stop
rules of a pilot are looked at with them, and written down as `pilot` and the outcome.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, text

from optout.model import Action
from outreach.campaigns import store as campaigns
from outreach.campaigns.lifecycle import State
from outreach.campaigns.model import Guardrails
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef, Database
from outreach.enrolments import under_way
from outreach.experiments import guard, pilots
from outreach.experiments.lift import Count
from outreach.experiments.pilot import Crossed
from outreach.people.known_by import KNOWN_BY

Guardrail: TypeAlias = str
"""`opt_outs`, `complaints`, or `pilot` and the outcome of a pilot's stop rule."""

REMEMBERED = timedelta(days=60)
"""Contacts further back bear on no guardrail: a campaign may run for years."""

# One who looks takes the brand for it; who comes meanwhile looks the next time.
_TAKE = text("select pg_try_advisory_xact_lock(hashtextextended('guards of ' || :brand, 0))")
_SINCE = text("""
    select c.key, greatest(max(c.activated_at), max(s.at) + interval '1 microsecond', :earliest)
               as since
    from outreach.campaigns c
    left join outreach.guard_stops s on s.brand_id = c.brand_id and s.campaign = c.key
    where c.key = any(:keys) group by c.key
""")
_LOOKS = text(f"""
    with asked as (
        select * from unnest(cast(:keys as text[]), cast(:sinces as timestamptz[]),
                             cast(:withins as interval[])) as a(key, since, within)
    ), first as (
        select a.key, a.within, m.person_id, min(m.started_at) as at
        from asked a
        join outreach.campaigns c on c.key = a.key
        join outreach.touches t on t.campaign_id = c.id
        join outreach.attempts m on m.brand_id = t.brand_id and m.touch_id = t.id
        where m.outcome = 'accepted' and m.started_at >= a.since and t.settled_at >= a.since
        group by 1, 2, 3
    )
    select f.key, date_trunc('hour', f.at) as hour, count(*) as people,
           count(*) filter (where exists (
               select from {KNOWN_BY} d join optout.entries o on o.hash = d.hash
               where d.person_id = f.person_id and o.action = '{Action.WITHDRAW}'
                 and o.effective_at > f.at and o.effective_at <= f.at + f.within)) as opt_outs,
           count(*) filter (where exists (
               select from outreach.touches t
               join outreach.campaigns c on c.id = t.campaign_id and c.key = f.key
               join outreach.receipts r on r.brand_id = t.brand_id and r.touch_id = t.id
               where t.person_id = f.person_id and r.kind = 'complained'
                 and r.at > f.at and r.at <= f.at + f.within)) as complaints
    from first f join outreach.persons p on p.id = f.person_id
    where f.at + f.within <= :now and p.ref <> 'erased ' || p.id
    group by 1, 2 order by 1, 2
""")
_STOP = text("""
    insert into outreach.guard_stops
        (brand_id, campaign, guardrail, at, people, did, "limit", p)
    values (:brand, :campaign, :guardrail, :now, :people, :did, :limit, :p)
""")
_NAME = text("""
    update outreach.campaigns set stopped_by = :guardrail where key = :campaign and state = 'paused'
""")
_SEEN = text("""
    insert into outreach.guard_looks (brand_id, at) values (:brand, :now)
    on conflict (brand_id) do update set at = greatest(guard_looks.at, excluded.at)
""")
# Since the count began somebody else may have stopped it, and a person let it go on.
_MEANWHILE = text("""
    select exists (select from outreach.guard_stops where campaign = :key and at >= :now)
""")
_STOPS = text("""
    select campaign, guardrail, at, people, did, "limit", p from outreach.guard_stops
    where cast(:key as text) is null or campaign = :key order by at desc, id desc limit :many
""")


@dataclass(frozen=True, slots=True)
class Stopped:
    """A campaign paused itself: of so many people so many did it, and only `limit` (a share) may.

    `p` bounds the chance of such a sequence, however often one looks, where they keep to it.
    """

    campaign: str
    guardrail: Guardrail
    at: datetime
    people: int
    did: int
    limit: float
    p: float

    @property
    def sentence(self) -> str:
        """What is logged; it names nobody."""
        return (
            f"{self.campaign} paused itself: {self.did} of {self.people} people "
            f"({self.guardrail}), where {self.limit:.2%} may"
        )


def watch(database: Database, book: Book, brand: BrandRef, *, now: datetime) -> list[Stopped]:
    """Pause each live campaign whose guardrail or stop rule is crossed; answers which, and why.

    Whoever counts locks no campaign, however long it takes: each that crossed is looked at again
    and paused in a transaction of its own. Five statements where none did, two and one a stop rule
    for each pilot that has any, and none of weight where no campaign has either. That the look came
    to its end is noted, and an alarm tells where that was long ago. Raises `Trouble` where the
    count takes longer than a statement may.
    """
    found = _crossed(database, book, brand, now=now)
    if found is None:  # somebody else is looking
        return []
    stopped = [
        one
        for version, crossed in found
        for one in _stopped(database, book, brand, version, crossed)
    ]
    with database.begin(brand) as tx:
        tx.execute(_SEEN, {"brand": brand.id, "now": now})
    return stopped


def _crossed(
    database: Database, book: Book, brand: BrandRef, *, now: datetime
) -> list[tuple[Version, list[Stopped]]] | None:
    """The live versions whose guardrails are crossed, not held; none where another looks."""
    with database.reading(brand) as tx:
        running = {v.key: v for v in book.running(tx)}
        railed = {key: v.campaign.guardrails for key, v in running.items() if v.campaign.guardrails}
        tried = [v for v in running.values() if v.campaign.pilot and v.campaign.pilot.stops]
        if not railed and not tried:
            return []
        if not tx.execute(_TAKE, {"brand": str(brand.id)}).scalar_one():
            return None
        looks = _looks(tx, railed, now=now) if railed else {}
        found = {v.key: [_of_pilot(v, one, now) for one in pilots.crossed(tx, v, now=now)]
                 for v in tried}  # fmt: skip
    for key, rails in railed.items():
        found[key] = [*judged(key, rails, looks, now=now), *found.get(key, ())]
    return [(running[key], crossed) for key, crossed in found.items() if crossed]


def _of_pilot(version: Version, met: Crossed, now: datetime) -> Stopped:
    named = f"pilot {met.outcome}"
    return Stopped(version.key, named, now, met.people, met.did, met.limit, met.p)


def _stopped(
    database: Database,
    book: Book,
    brand: BrandRef,
    version: Version,
    crossed: Sequence[Stopped],
) -> Sequence[Stopped]:
    """Pause the version and write down why, if it is still live and nobody stopped it meanwhile."""
    with database.begin(brand) as tx:
        campaigns.lock(tx, version.key)
        still = book.versions(tx, [version.id])[version.id]
        again = {"key": version.key, "now": crossed[0].at}
        if still.state != State.LIVE or tx.execute(_MEANWHILE, again).scalar_one():
            return ()
        under_way.pause(tx, book, version.key)
        tx.execute(_STOP, [_row(brand, one) for one in crossed])
        tx.execute(_NAME, {"guardrail": crossed[0].guardrail, "campaign": version.key})
    return crossed


def judged(
    key: str,
    rails: Guardrails,
    looks: Mapping[tuple[str, Guardrail], Sequence[Count]],
    *,
    now: datetime,
) -> Iterator[Stopped]:
    """The guardrails of a campaign that these looks cross. Pure."""
    limits: Mapping[Guardrail, float | None] = {
        "opt_outs": rails.opt_outs, "complaints": rails.complaints
    }  # fmt: skip
    for name, limit in limits.items():
        seen = looks.get((key, name), ())
        if limit is None or not guard.crossed(seen, limit=limit):
            continue
        people, did = sum(one.people for one in seen), sum(one.did for one in seen)
        p = guard.evidence(seen, limit=limit).p
        yield Stopped(key, name, now, people, did, limit, p)


def stops(tx: Connection, key: str | None = None, *, many: int = 100) -> list[Stopped]:
    """The newest stops, of one campaign or of all."""
    rows = tx.execute(_STOPS, {"key": key, "many": many})
    return [Stopped(**row._asdict()) for row in rows]


def _looks(
    tx: Connection, guarded: Mapping[str, Guardrails], *, now: datetime
) -> dict[tuple[str, Guardrail], list[Count]]:
    asked = {"keys": list(guarded), "earliest": now - REMEMBERED}
    since = {row.key: row.since for row in tx.execute(_SINCE, asked)}
    values = {
        "keys": list(since), "sinces": list(since.values()), "now": now,
        "withins": [guarded[key].within for key in since],
    }  # fmt: skip
    found: dict[tuple[str, Guardrail], list[Count]] = {}
    for row in tx.execute(_LOOKS, values):
        found.setdefault((row.key, "opt_outs"), []).append(Count(row.people, row.opt_outs))
        found.setdefault((row.key, "complaints"), []).append(Count(row.people, row.complaints))
    return found


def _row(brand: BrandRef, one: Stopped) -> dict[str, object]:
    return {
        "brand": brand.id, "campaign": one.campaign, "guardrail": one.guardrail, "now": one.at,
        "people": one.people, "did": one.did, "limit": one.limit, "p": one.p,
    }  # fmt: skip
