"""What went out today, what is held and why, and what comes next?

What went out and what ended is taken from the kept sums, and what waits is counted along indexes
up to `MOST`, so that neither what was ever sent nor what waits makes a page slow. What happened
last is found by the newest verdicts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, text

from optout.model import Channel
from outreach import timezones
from outreach.brands.model import Brand
from outreach.reports import sums, unsent, waiting
from outreach.reports.sums import Sum

MOST = 500
"""Where a count of what waits ends; of held touches for each reason, of coming ones by channel."""

_LOOKED_AT = 500  # verdicts
_CHANNELS = [channel.value for channel in Channel]
_SENT = frozenset({"sent", "delivered"})
_ENDED = frozenset({"skipped", "failed", "cancelled"})
# Along the index by reason: what is held has one, and is not settled.
_HELD = text("""
    select told.reason, held.many, held.next_at
    from unnest(cast(:reasons as text[])) as told(reason)
    cross join lateral (
        select count(*) as many, min(few.due_at) as next_at from (
            select t.due_at from outreach.touches t
            where t.reason = told.reason and t.settled_at is null and t.state::text = 'planned'
            limit :most) few) held
    where held.many > 0 order by 2 desc, 1
""")
# Along the index of what is in doubt: without an order, a limit reads the whole table.
_UNCERTAIN = text("""
    select count(*) as many, count(*) filter (where few.lease_until is null) as unconfirmed
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.lease_until from outreach.touches t
        where t.channel = ch.channel and t.state = 'uncertain'
        order by t.lease_until limit :most) few
""")
# Along the index of what is due, which begins with the channel.
_COMING = text("""
    select count(*) as many, min(soon.due_at) as next_at
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.due_at from outreach.touches t
        where t.channel = ch.channel and t.state = 'planned' and t.reason is null
          and t.due_at < :until
        order by t.due_at limit :most) soon
""")
_LATEST = text("""
    select t.id, c.key as campaign, t.channel, t.state::text, t.reason, t.due_at,
           t.settled_at, p.ref
    from (
        select * from outreach.touches t
        where (cast(:state as text) is null or t.state::text = :state)
          and (cast(:reason as text) is null or t.reason = :reason)
          and (cast(:campaign as text) is null or t.campaign_id in (
              select id from outreach.campaigns where key = :campaign))
        order by coalesce(t.settled_at, t.due_at) desc, t.id limit :limit) t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by coalesce(t.settled_at, t.due_at) desc, t.id
""")

# Each judgement of a touch is a line with a number of its own; what is due next stands behind them.
_HAPPENED = text("""
    with judged as (
        select v.touch_id as id, max(v.id) as last from (
            select id, touch_id from outreach.verdicts order by id desc limit :looked_at) v
        group by 1 order by 2 desc limit :limit
    ), soon as (
        select few.id, 0 as last from unnest(cast(:channels as text[])) as ch(channel)
        cross join lateral (
            select t.id from outreach.touches t
            where t.channel = ch.channel and t.state = 'planned' order by t.due_at limit :limit) few
    ), seen as (
        select id, max(last) as last
        from (select * from judged union all select * from soon) both_of group by 1
    )
    select t.id, c.key as campaign, t.channel, t.state::text, t.reason, t.due_at,
           t.settled_at, p.ref
    from seen
    join outreach.touches t on t.id = seen.id
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by seen.last desc, t.due_at, t.id limit :limit
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

    @property
    def whole(self) -> bool:
        """Whether every count is surely whole: none has come to `MOST`."""
        held = [int(str(row["many"])) for row in self.held]
        return max([self.uncertain, self.coming, self.waiting, *held]) < MOST


def today(tx: Connection, brand: Brand, *, now: datetime) -> Today:
    """The day so far, since midnight in the brand's own zone, and the day ahead."""
    midnight = now.astimezone(timezones.load(brand.zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    settled = sums.of(tx, since=midnight, until=now + timedelta(days=1))
    doubts = tx.execute(_UNCERTAIN, {"channels": _CHANNELS, "most": MOST}).one()
    ahead = {"channels": _CHANNELS, "until": now + timedelta(days=1), "most": MOST}
    coming = tx.execute(_COMING, ahead).one()
    return Today(
        now=now,
        zone=brand.zone,
        sent=_sent(settled),
        held=_rows(tx.execute(_HELD, {"reasons": unsent.reasons(tx), "most": MOST})),
        ended=_ended(settled),
        uncertain=doubts.many,
        unconfirmed=doubts.unconfirmed,
        waiting=waiting.many(tx, most=MOST),
        coming=coming.many,
        next_at=coming.next_at,
    )


def happened(tx: Connection, *, limit: int = 50) -> Rows:
    """What was judged last, newest first, and behind it what is due next."""
    bound = {"looked_at": _LOOKED_AT, "channels": _CHANNELS, "limit": limit}
    return _rows(tx.execute(_HAPPENED, bound))


def latest(
    tx: Connection,
    *,
    state: str | None = None,
    reason: str | None = None,
    campaign: str | None = None,
    limit: int = 50,
) -> Rows:
    """The newest touches, of this state, reason and campaign where given. Sorts all of these.

    Where nothing is asked of them, what `happened`, which sorts no more than it shows.
    """
    if (state, reason, campaign) == (None, None, None):
        return happened(tx, limit=limit)
    wanted = {"state": state, "reason": reason, "campaign": campaign, "limit": limit}
    return _rows(tx.execute(_LATEST, wanted))


def _sent(settled: Iterable[Sum]) -> Rows:
    """By campaign and channel."""
    many: Counter[tuple[str, str]] = Counter()
    for one in settled:
        if one.fate in _SENT:
            many[one.campaign, one.channel] += one.many
    return tuple({"campaign": c, "channel": ch, "many": many[c, ch]} for c, ch in sorted(many))


def _ended(settled: Iterable[Sum]) -> Rows:
    """By state and reason, what happened most first."""
    many: Counter[tuple[str, str | None]] = Counter()
    for one in settled:
        if one.fate in _ENDED:
            many[one.fate, None if one.reason == sums.UNSAID else one.reason] += one.many
    return tuple({"state": s, "reason": r, "many": n} for (s, r), n in many.most_common())


def _rows(result: Iterable[Row[tuple[object, ...]]]) -> Rows:
    return tuple(row._asdict() for row in result)
