"""Is somebody to be spared, and until when?

An open complaint, return, dispute or repair mutes what can wait; so does a while after it was
closed, and a death for good. Brands of one group heed each other's holds: they share, by the hash
of an address, that there is one and when it ends, and nothing of the case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.people.known_by import KNOWN_BY

IS_OPEN = """case when c.state is null then c.closed_at is null or c.closed_at < c.opened_at
    else c.state <> 'closed' end"""
"""Whether a case `c` is open, as SQL."""
_MUTING = "coalesce(c.kind, 'other') = any(:kinds) and c.opened_at is not null"
_OF = text(f"""
    select c.person_id, c.key, c.closed_at, {IS_OPEN} as open, false as deceased
    from outreach.cases c
    where c.person_id = any(:people) and {_MUTING} and ({IS_OPEN} or c.closed_at > :since)
    union all
    select d.person_id, '', null, false, true from outreach.deaths d
    where d.person_id = any(:people) and d.reported_at is not null
      and d.state is distinct from 'mistaken'
    order by 1, 2
""")
# What everybody at the addresses concerned asks for, since two may share one.
_TELL = f"""
    told as (
        select a.hash, bool_or({IS_OPEN}) as open, max(c.closed_at) + :grace as lifts_at,
               false as dead
        from concerned join {KNOWN_BY} a on a.hash = concerned.hash
        join outreach.cases c on c.brand_id = a.brand_id and c.person_id = a.person_id
        where {_MUTING} group by a.hash
        union all
        select a.hash, false, null, true
        from concerned join {KNOWN_BY} a on a.hash = concerned.hash
        join outreach.deaths d on d.brand_id = a.brand_id and d.person_id = a.person_id
        where d.reported_at is not null and d.state is distinct from 'mistaken'
    ), summed as (
        select concerned.hash, coalesce(bool_or(told.open), false) as open,
               max(told.lifts_at) as lifts_at, coalesce(bool_or(told.dead), false) as dead
        from concerned left join told on told.hash = concerned.hash group by concerned.hash
    )
    insert into outreach.holds (brand_id, address_hash, group_key, lifts_at, for_good)
    select b.id, s.hash, b.group_key,
           case when s.open then null else coalesce(s.lifts_at, '-infinity') end, s.dead
    from summed s, outreach.brands b
    where s.open or s.dead or s.lifts_at is not null
       or exists (select from outreach.holds h where h.brand_id = b.id and h.address_hash = s.hash)
    order by s.hash
    on conflict (brand_id, address_hash) do update set
        group_key = excluded.group_key, lifts_at = excluded.lifts_at, for_good = excluded.for_good
"""
# A brand that has neither case, death nor hold, as when it brings its people along, has nothing to
# tell: to ask that alone takes a tenth of what planning the next statement does.
_ANY = text("""
    select exists (select from outreach.cases) or exists (select from outreach.deaths)
        or exists (select from outreach.holds)
""")
_FOLLOW = text(f"""
    with concerned as (
        select distinct k.hash from {KNOWN_BY} k where k.person_id = any(:people)
    ), {_TELL}
""")
_REFRESH = text(f"""
    with concerned as (
        select a.hash from {KNOWN_BY} a where exists (
            select from outreach.cases c
            where c.brand_id = a.brand_id and c.person_id = a.person_id)
        union
        select a.hash from {KNOWN_BY} a where exists (
            select from outreach.deaths d
            where d.brand_id = a.brand_id and d.person_id = a.person_id)
        union
        select address_hash from outreach.holds where brand_id = :brand
    ), {_TELL}
""")
_ELSEWHERE = text("""
    select address_hash, bool_or(lifts_at is null) as open,
           nullif(max(lifts_at), '-infinity') as lifts_at, bool_or(for_good) as for_good
    from outreach.holds
    where address_hash = any(:hashes) and brand_id <> :brand
      and (lifts_at is null or lifts_at > :now or for_good)
    group by address_hash
""")


@dataclass(frozen=True, slots=True)
class Spared:
    """What is known of a person's cases: the open ones, when the last was closed, a death."""

    cases: tuple[str, ...] = ()
    closed_at: datetime | None = None
    deceased: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A hold of another brand of the group; open-ended where `lifts_at` is none."""

    lifts_at: datetime | None
    for_good: bool


def of(
    tx: Connection, people: Sequence[UUID], *, kinds: Sequence[str], since: datetime
) -> Mapping[UUID, Spared]:
    """Persons with an open case of these kinds, or one closed after `since`, or of whom we heard
    that they died.
    """
    found: dict[UUID, Spared] = {}
    values = {"people": list(people), "kinds": list(kinds), "since": since}
    for row in tx.execute(_OF, values):
        known = found.get(row.person_id, Spared())
        found[row.person_id] = Spared(
            (*known.cases, row.key) if row.open else known.cases,
            max(filter(None, (known.closed_at, None if row.open else row.closed_at)), default=None),
            known.deceased or row.deceased,
        )
    return found


def follow(
    tx: Connection, people: Iterable[UUID], *, kinds: Sequence[str], grace: timedelta
) -> None:
    """Tell the group anew what asks for silence at the addresses of these persons."""
    keys = list(set(people))
    if keys and tx.execute(_ANY).scalar_one():
        tx.execute(_FOLLOW, {"people": keys, "kinds": list(kinds), "grace": grace})


def refresh(tx: Connection, brand: BrandRef, *, kinds: Sequence[str], grace: timedelta) -> None:
    """Tell the group anew of everybody, and take back what no record bears out any more."""
    tx.execute(_REFRESH, {"brand": brand.id, "kinds": list(kinds), "grace": grace})


def elsewhere(
    tx: Connection, brand: BrandRef, hashes: Iterable[bytes], *, now: datetime
) -> Mapping[bytes, Shared]:
    """What other brands of the group ask for at these addresses."""
    values = {"brand": brand.id, "hashes": list(set(hashes)), "now": now}
    return {
        bytes(row.address_hash): Shared(None if row.open else row.lifts_at, row.for_good)
        for row in tx.execute(_ELSEWHERE, values)
    }
