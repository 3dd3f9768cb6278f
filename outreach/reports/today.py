"""What went out today, what is held and why, and what comes next?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, text

from outreach import timezones
from outreach.brands.model import Brand
from outreach.reports import waiting

_SENT = text("""
    select c.key as campaign, t.channel, count(*) as many
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    where t.state in ('sent', 'delivered') and t.settled_at >= :since group by 1, 2 order by 1, 2
""")
_HELD = text("""
    select t.reason, count(*) as many, min(t.due_at) as next_at from outreach.touches t
    where t.state = 'planned' and t.reason is not null group by 1 order by 2 desc
""")
_ENDED = text("""
    select t.state::text, t.reason, count(*) as many from outreach.touches t
    where t.state in ('skipped', 'failed', 'cancelled') and t.settled_at >= :since
    group by 1, 2 order by 3 desc
""")
_UNCERTAIN = text("""
    select count(*) as many, count(*) filter (where lease_until is null) as unconfirmed
    from outreach.touches where state = 'uncertain'
""")
_COMING = text("""
    select count(*) as many, min(due_at) as next_at from outreach.touches
    where state = 'planned' and reason is null and due_at < :until
""")
_LATEST = text("""
    select t.id, c.key as campaign, t.channel, t.state::text, t.reason, t.due_at,
           t.settled_at, p.ref
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    where (cast(:state as text) is null or t.state::text = :state)
      and (cast(:reason as text) is null or t.reason = :reason)
      and (cast(:campaign as text) is null or c.key = :campaign)
    order by coalesce(t.settled_at, t.due_at) desc, t.id limit :limit
""")

Rows = tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Today:
    """One brand's day."""

    now: datetime
    zone: str
    sent: Rows
    held: Rows
    ended: Rows
    uncertain: int
    unconfirmed: int
    waiting: int
    coming: int
    next_at: datetime | None


def today(tx: Connection, brand: Brand, *, now: datetime) -> Today:
    """The day so far, since midnight in the brand's own zone, and the day ahead."""
    midnight = now.astimezone(timezones.load(brand.zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    doubts = tx.execute(_UNCERTAIN).one()
    coming = tx.execute(_COMING, {"until": now + timedelta(days=1)}).one()
    return Today(
        now=now,
        zone=brand.zone,
        sent=_rows(tx.execute(_SENT, {"since": midnight})),
        held=_rows(tx.execute(_HELD)),
        ended=_rows(tx.execute(_ENDED, {"since": midnight})),
        uncertain=doubts.many,
        unconfirmed=doubts.unconfirmed,
        waiting=waiting.many(tx),
        coming=coming.many,
        next_at=coming.next_at,
    )


def latest(
    tx: Connection,
    *,
    state: str | None = None,
    reason: str | None = None,
    campaign: str | None = None,
    limit: int = 50,
) -> Rows:
    """The newest touches, of this state, reason and campaign where given."""
    wanted = {"state": state, "reason": reason, "campaign": campaign, "limit": limit}
    return _rows(tx.execute(_LATEST, wanted))


def _rows(result: Iterable[Row[tuple[object, ...]]]) -> Rows:
    return tuple(row._asdict() for row in result)
