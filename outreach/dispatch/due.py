"""What needs a worker, across all brands, and how old is the oldest of it?

Read as the watch role: brands, channels and instants, nothing about whom. Each question is answered
from an index without visiting more than one row per brand and channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look

_CHANNELS = [channel.value for channel in Channel]
_LOOKS = text("""
    select b.id, b.key, c.channel, n.news, b.weight
    from outreach.brands b cross join unnest(cast(:channels as text[])) as c(channel)
    cross join (values (true), (false)) as n(news)
    where not b.stopped and case when n.news then exists (
            select from outreach.touches t
            where t.brand_id = b.id and t.channel = c.channel and t.state = 'planned'
              and t.purpose = 'transactional' and t.due_at <= :now)
        else exists (
            select from outreach.touches t
            where t.brand_id = b.id and t.channel = c.channel and t.state = 'planned'
              and t.due_at <= :now)
        or exists (
            select from outreach.touches t
            where t.brand_id = b.id and t.channel = c.channel and t.state = 'uncertain'
              and t.lease_until <= now()) end
    order by b.id, c.channel, n.news desc
""")
_PENDING = text("""
    select b.id, b.key from outreach.brands b
    where exists (
        select from outreach.events e where e.brand_id = b.id and e.state = 'pending')
       or exists (
        select from outreach.campaigns c
        where c.brand_id = b.id and c.state = 'live' and c.plan_at <= :now)
       or exists (
        select from outreach.dates d where d.brand_id = b.id and d.state = 'changed')
       or exists (
        select from outreach.plannings p
        join outreach.campaigns c on c.brand_id = p.brand_id and c.id = p.campaign_id
        where p.brand_id = b.id and p.done_at is null and p.opens_at <= :now and c.state = 'live')
       or exists (
        select from outreach.waits w
        where w.brand_id = b.id and w.ended_at is null and w.due_at <= :now)
       or exists (
        select from outreach.inbox i
        where i.brand_id = b.id and i.state = 'pending' and i.look_at <= :now)
       or exists (
        select from outreach.tasks k where k.brand_id = b.id and k.look_at <= :now)
       or exists (
        select from outreach.tasks k
        where k.brand_id = b.id and k.state = 'taken' and k.lease_until < now())
    order by b.id
""")
_EXPIRED = text("""
    select b.id, b.key from outreach.touches t join outreach.brands b on b.id = t.brand_id
    where t.state in ('claimed', 'calling') and t.lease_until < now()
    union
    select b.id, b.key from outreach.unheard u join outreach.brands b on b.id = u.brand_id
    where u.look_at < now()
    order by id
""")
_IN_HAND = text("""
    select exists (
        select from outreach.touches
        where state in ('claimed', 'calling') and lease_until < 'infinity')
""")
_NEXT = text("""
    select least(
        (select min(n.due_at)
         from outreach.brands b cross join unnest(cast(:channels as text[])) as c(channel)
         cross join lateral (
             select t.due_at from outreach.touches t
             where t.brand_id = b.id and t.channel = c.channel and t.state = 'planned'
             order by t.due_at limit 1) n
         where not b.stopped),
        (select min(c.plan_at) from outreach.campaigns c where c.state = 'live'),
        (select min(p.opens_at) from outreach.plannings p
         join outreach.campaigns c on c.brand_id = p.brand_id and c.id = p.campaign_id
         where p.done_at is null and c.state = 'live'),
        (select min(n.due_at)
         from outreach.brands b
         cross join lateral (
             select w.due_at from outreach.waits w
             where w.brand_id = b.id and w.ended_at is null order by w.due_at limit 1) n),
        (select min(k.look_at) from outreach.tasks k where k.state = 'ended')
    ) as due_at
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker should look at."""

    looks: tuple[Look, ...]
    pending: tuple[BrandRef, ...]
    expired: tuple[BrandRef, ...]


@dataclass(frozen=True, slots=True)
class Pulse:
    """How busy the installation is: nothing is under way when `quiet`."""

    quiet: bool
    next_due_at: datetime | None


def looks(
    tx: Connection, *, now: datetime, channels: Sequence[str] = _CHANNELS
) -> tuple[Look, ...]:
    """Where something is due, or in doubt, on these channels; of each, first where news is due."""
    found = tx.execute(_LOOKS, {"now": now, "channels": list(channels)})
    return tuple(Look(BrandRef(r.id, r.key), Channel(r.channel), r.news, r.weight) for r in found)


def wanted(tx: Connection, *, now: datetime) -> Wanted:
    """Everything that is due, pending, or left by a worker that did not come back."""
    return Wanted(
        looks=looks(tx, now=now),
        pending=tuple(BrandRef(*row) for row in tx.execute(_PENDING, {"now": now})),
        expired=tuple(BrandRef(*row) for row in tx.execute(_EXPIRED)),
    )


def pulse(tx: Connection, *, now: datetime) -> Pulse:
    """Whether anything is due, pending or in a worker's hand, and when the next is due."""
    found = wanted(tx, now=now)
    in_hand = tx.execute(_IN_HAND).scalar_one()
    quiet = not (found.looks or found.pending or in_hand)
    return Pulse(quiet, tx.execute(_NEXT, {"channels": _CHANNELS}).scalar_one_or_none())
