"""What went out today, what is held and why, and what comes next?

What went out and what ended is taken from the kept sums, and what waits is counted along indexes
up to `MOST`, so that neither what was ever sent nor what waits makes a page slow.
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
