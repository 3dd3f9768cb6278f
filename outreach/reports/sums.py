"""How many candidates have come to which fate, without counting them all?

Whatever writes passages and touches adds to the sums in its own transaction, by triggers: what is
written is counted, and what is not, is not. The sums are folded now and then, and hold what was
added since beside them. A full count asks the same of every row, and so finds every difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef

By: TypeAlias = Literal["all", "day", "hour"]

OPEN, CANDIDATE, DECLINED = "open", "candidate", "declined"
UNSAID = "unknown"  # the reason of what ended without one
_FOLDED = 20_000
_NAMED = "campaign_id, channel, quarter, fate, reason"
# Whoever folds takes what nobody else folds just now; sums are added in the order of their names,
# so that two who fold never wait for each other in a circle.
_FOLD = text(f"""
    with gone as (
        delete from outreach.sum_changes where (brand_id, id) in (
            select brand_id, id from outreach.sum_changes
            order by id limit :limit for update skip locked)
        returning *
    ), folded as (
        insert into outreach.sums as t (brand_id, {_NAMED}, many)
        select brand_id, {_NAMED}, sum(many) from gone
        group by brand_id, {_NAMED} order by {_NAMED}
        on conflict (brand_id, {_NAMED}) do update set many = t.many + excluded.many
    )
    select count(*) from gone
""")
_WAITING = text("""
    select b.id, b.key from outreach.brands b
    where exists (select from outreach.sum_changes c where c.brand_id = b.id) order by b.id
""")
_KEPT = f"""
    select {_NAMED}, many from outreach.sums union all
    select {_NAMED}, many from outreach.sum_changes
"""
_COUNTED = """
    select t.campaign_id, t.channel, f.quarter, f.fate, f.why as reason, 1 as many
    from outreach.touches t
    cross join lateral outreach.summed_touch(t.state, t.settled_at, t.reason) f
    union all
    select n.campaign_id, '', f.quarter, f.fate, f.why, f.many
    from outreach.enrolments n
    cross join lateral
        outreach.summed_passage(n.state, n.planned, n.created_at, n.reason) f
"""
# One statement, so that both are seen as of one instant.
_DIFFERENCES = f"""
    select {_NAMED}, sum(counted)::bigint as counted, sum(kept)::bigint as kept from (
        select {_NAMED}, many as counted, 0 as kept from ({_COUNTED}) c union all
        select {_NAMED}, 0, many from ({_KEPT}) k) both_of_them
    group by {_NAMED} having sum(counted) <> sum(kept)
"""
_DRIFTED = text(f"""
    select c.key as campaign, d.channel, nullif(d.quarter, '-infinity') as quarter,
           d.fate, d.reason, d.counted, d.kept
    from ({_DIFFERENCES}) d join outreach.campaigns c on c.id = d.campaign_id
    where cast(:key as text) is null or c.key = :key
    order by 1, 2, 3 nulls first, 4, 5 limit :limit
""")
# Two who mend at once would each add the same: the second waits, and counts what the first added.
_TURN = text("select pg_advisory_xact_lock(hashtextextended('mending sums of ' || :brand, 0))")
_MEND = text(f"""
    insert into outreach.sum_changes (brand_id, {_NAMED}, many)
    select :brand, {_NAMED}, counted - kept from ({_DIFFERENCES}) d
""")
_SUMS = text(f"""
    select c.key as campaign, k.channel, k.fate, k.reason, sum(k.many)::bigint as many,
           case :by when 'all' then null else cast(k.quarter at time zone :zone as date) end as day,
           case :by when 'hour' then cast(extract(hour from k.quarter at time zone :zone)
                                          as integer) end as hour
    from ({_KEPT}) k join outreach.campaigns c on c.id = k.campaign_id
    where k.quarter >= :since and k.quarter < :until
      and (cast(:key as text) is null or c.key = :key)
    group by 1, 2, 3, 4, 6, 7 having sum(k.many) <> 0
    order by 1, 6 nulls first, 7 nulls first, 2, 3, 4
""")


@dataclass(frozen=True, slots=True)
class Sum:
    """So many of a campaign came to this fate, on this day and in this hour where that is asked.

    Fates are the states in which touches end, `declined` of passages that did not begin, and
    `candidate`, of which all others are parts. Only what is settled has an instant; `open` is not.
    """

    campaign: str
    channel: str
    fate: str
    reason: str
    many: int
    day: date | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A sum that is not what a full count comes to; no quarter: what is open."""

    campaign: str
    channel: str
    quarter: datetime | None
    fate: str
    reason: str
    counted: int
    kept: int


def of(
    tx: Connection,
    *,
    since: datetime,
    until: datetime,
    by: By = "all",
    zone: str = "UTC",
    campaign: str | None = None,
) -> list[Sum]:
    """What was settled in this time, on this clock; whole quarters of an hour."""
    asked = {"since": since, "until": until, "by": by, "zone": zone, "key": campaign}
    return [Sum(**row._asdict()) for row in tx.execute(_SUMS, asked)]


def fold(tx: Connection, *, limit: int = _FOLDED) -> int:
    """Add what changed lately to the sums; answers how many changes that were."""
    many: int = tx.execute(_FOLD, {"limit": limit}).scalar_one()
    return many


def waiting(tx: Connection) -> Sequence[BrandRef]:
    """The brands that have something to fold, in a watching transaction."""
    return [BrandRef(*row) for row in tx.execute(_WAITING)]


def drifted(tx: Connection, campaign: str | None = None, *, limit: int = 20) -> list[Drift]:
    """The first sums that a full count does not bear out: there should be none. Reads every row."""
    return [Drift(**r._asdict()) for r in tx.execute(_DRIFTED, {"key": campaign, "limit": limit})]


def mend(tx: Connection, brand: BrandRef) -> int:
    """Make the sums what a full count comes to; answers how many were not.

    What is written meanwhile adds its own, and is counted once. Two who mend take turns.
    """
    tx.execute(_TURN, {"brand": str(brand.id)})
    return tx.execute(_MEND, {"brand": brand.id}).rowcount
