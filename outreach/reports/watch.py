"""How is this installation doing, brand by brand, in numbers and about nobody?

Read as the watch role, from indexes: cheap enough for every minute.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.db.engine import Database
from outreach.reports.alarms import (
    Limits,
    Looked,
    Numbers,
    OfBrand,
    OfCampaign,
    OfSource,
    OnChannel,
    Raised,
    judge,
)
from outreach.settings import Settings

_RECENT = timedelta(minutes=15)
_REMEMBERED = timedelta(days=14)
# What a paused campaign has due stays where it is, and is nobody's delay.
_CHANNELS = text("""
    with tried as (
        select brand_id, channel, count(*) as tried,
               count(*) filter (where outcome in ('refused', 'uncertain')) as missed
        from outreach.attempts where started_at > :since and started_at <= :now group by 1, 2
    )
    select b.key as brand, c.channel, w.due_at, coalesce(t.tried, 0) as tried,
           coalesce(t.missed, 0) as missed
    from outreach.brands b cross join unnest(cast(:channels as text[])) as c(channel)
    left join lateral (
        select due_at from outreach.touches t
        where t.brand_id = b.id and t.channel = c.channel and t.state = 'planned'
          and t.due_at <= :now and not exists (
              select from outreach.campaigns k
              where k.brand_id = t.brand_id and k.id = t.campaign_id and k.state = 'paused')
        order by t.due_at limit 1) w on true
    left join tried t on t.brand_id = b.id and t.channel = c.channel
    where not b.stopped order by b.id, c.channel
""")
_BRANDS = text("""
    select b.key as brand, coalesce(s.many, 0) as stuck,
           coalesce(s.longest, interval '0') as stuck_for, e.received_at
    from outreach.brands b
    left join (
        select brand_id, count(*) as many, now() - min(lease_until) as longest
        from outreach.touches where state in ('claimed', 'calling') and lease_until < now()
        group by brand_id) s on s.brand_id = b.id
    left join lateral (
        select received_at from outreach.events e
        where e.brand_id = b.id and e.state = 'pending' order by e.received_at limit 1) e on true
    order by b.id
""")
_SOURCES = text("""
    select b.key as brand, i.source, count(*) as days, max(i.day)::date as last
    from outreach.intake i join outreach.brands b on b.id = i.brand_id
    where i.day >= :since and i.accepted > 0 group by 1, 2 order by 1, 2
""")
_GUARDED = text("""
    select b.key as brand, c.key as campaign, min(c.stopped_by) as guardrail
    from outreach.campaigns c join outreach.brands b on b.id = c.brand_id
    where c.state = 'paused' and c.stopped_by is not null group by 1, 2 order by 1, 2
""")
_LOOKED = text("""
    select b.key as brand, l.at from outreach.guard_looks l
    join outreach.brands b on b.id = l.brand_id order by b.id
""")


def numbers(tx: Connection, *, now: datetime) -> Numbers:
    """The numbers of this instant, in a watching transaction."""
    recent = {
        "now": now, "since": now - _RECENT, "channels": [channel.value for channel in Channel],
    }  # fmt: skip
    channels = tx.execute(_CHANNELS, recent)
    brands = tx.execute(_BRANDS)
    sources = tx.execute(_SOURCES, {"since": (now - _REMEMBERED).date().isoformat()})
    return Numbers(
        today=now.date(),
        channels=tuple(
            OnChannel(r.brand, r.channel, _since(r.due_at, now), r.tried, r.missed)
            for r in channels
        ),
        brands=tuple(
            OfBrand(r.brand, r.stuck, r.stuck_for, _since(r.received_at, now)) for r in brands
        ),
        sources=tuple(OfSource(r.brand, r.source, r.days, r.last) for r in sources),
        guarded=tuple(OfCampaign(*row) for row in tx.execute(_GUARDED)),
        looked=tuple(Looked(r.brand, _since(r.at, now)) for r in tx.execute(_LOOKED)),
    )


def alarms(database: Database, limits: Limits, *, now: datetime) -> list[Raised]:
    """Every alarm of this instant, across brands."""
    with database.watch() as tx:
        found = numbers(tx, now=now)
    return judge(found, limits)


def limits_of(settings: Settings) -> Limits:
    """From when on something is an alarm here."""
    return Limits(
        behind=settings.alarm_behind,
        stuck=settings.alarm_stuck,
        silence=settings.alarm_silence,
        failing=settings.alarm_failing,
    )


def metrics(found: Numbers) -> str:
    """The same in Prometheus' text format 0.0.4."""
    on = [(f'brand="{_quoted(n.brand)}",channel="{n.channel}"', n) for n in found.channels]
    of = [(f'brand="{_quoted(n.brand)}"', n) for n in found.brands]
    return "".join(
        [
            _gauge("behind_seconds", ((labels, n.waits.total_seconds()) for labels, n in on)),
            _gauge("calls_15m", ((labels, n.tried) for labels, n in on)),
            _gauge("calls_missed_15m", ((labels, n.missed) for labels, n in on)),
            _gauge("leases_run_out", ((labels, n.stuck) for labels, n in of)),
            _gauge("unplanned_seconds", ((lbl, n.unplanned_for.total_seconds()) for lbl, n in of)),
        ]
    )


def _gauge(name: str, values: Iterable[tuple[str, float]]) -> str:
    lines = "".join(f"outreach_{name}{{{labels}}} {value:g}\n" for labels, value in values)
    return f"# TYPE outreach_{name} gauge\n{lines}"


def _quoted(text_: str) -> str:
    return text_.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _since(instant: datetime | None, now: datetime) -> timedelta:
    return max(timedelta(0), now - instant) if instant else timedelta(0)
