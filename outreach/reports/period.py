"""What came of these weeks, and was it on time?

Counted from the ledger for a brand, by campaign and channel and by day: what was handed over, what
reached somebody, what did not and why, who refused and who complained, and how long after its
promised instant each contact left. Days are those of the brand's own clock.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, text

from outreach.people.known_by import KNOWN_BY

# A contact is promised for the instant at which it was planned, and on time when it leaves then.
# What had to wait for hours, caps or an order of rank is late by that too: the promise was ours.
_BY_CAMPAIGN = text("""
    with made as (
        select distinct on (a.touch_id) a.touch_id, a.channel, a.started_at
        from outreach.attempts a
        where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
        order by a.touch_id, a.fence desc
    )
    select c.key as campaign, m.channel, count(*) as sent,
           count(*) filter (where t.state = 'delivered') as delivered,
           count(*) filter (where t.state = 'failed') as failed,
           count(*) filter (where exists (
               select from outreach.receipts r
               where r.touch_id = m.touch_id and r.kind = 'complained')) as complained,
           percentile_cont(0.5) within group (
               order by extract(epoch from m.started_at - t.planned_for)) as late_p50,
           percentile_cont(0.95) within group (
               order by extract(epoch from m.started_at - t.planned_for)) as late_p95
    from made m
    join outreach.touches t on t.id = m.touch_id
    join outreach.campaigns c on c.id = t.campaign_id
    group by 1, 2 order by 1, 2
""")
_BY_DAY = text("""
    select cast(a.started_at at time zone :zone as date) as day, a.channel,
           count(distinct a.touch_id) as sent
    from outreach.attempts a
    where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
    group by 1, 2 order by 1, 2
""")
# What left and came back is among what was sent, as failed.
_NOT_SENT = text("""
    select reason, sum(many)::bigint as many from (
        select coalesce(t.reason, t.state::text) as reason, count(*) as many
        from outreach.touches t
        where t.state in ('skipped', 'failed', 'cancelled') and t.settled_at >= :since
          and t.settled_at < :until and not exists (
              select from outreach.attempts a
              where a.brand_id = t.brand_id and a.touch_id = t.id and a.outcome = 'accepted')
        group by 1
        union all
        select n.reason, count(*) from outreach.enrolments n
        where n.state = 'declined' and n.created_at >= :since and n.created_at < :until
        group by 1) told
    group by 1 order by 2 desc, 1
""")
# Each address once, however often it said no.
_REFUSED = text(f"""
    select count(distinct a.person_id) as people
    from optout.entries o join {KNOWN_BY} a on a.hash = o.hash
    where o.action = 'withdraw' and o.effective_at >= :since and o.effective_at < :until
""")
_REACHED = text("""
    select count(distinct person_id) as people from outreach.attempts
    where started_at >= :since and started_at < :until and outcome = 'accepted'
""")


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign on one channel; `late_…` are seconds after the promised instant."""

    campaign: str
    channel: str
    sent: int
    delivered: int
    failed: int
    complained: int
    late_p50: float
    late_p95: float

    @property
    def complaint_rate(self) -> float:
        """Complaints for each contact that left."""
        return self.complained / self.sent if self.sent else 0.0

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        return asdict(self) | {"complaint_rate": round(self.complaint_rate, 6)}


COLUMNS = (
    "campaign", "channel", "sent", "delivered", "failed", "complained", "complaint_rate",
    "late_p50", "late_p95",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A brand's account of some weeks; `refused` are people who said no to anything in them."""

    since: datetime
    until: datetime
    lines: tuple[Line, ...]
    days: tuple[tuple[date, str, int], ...]
    not_sent: tuple[tuple[str, int], ...]
    reached: int
    refused: int

    @property
    def sent(self) -> int:
        """Contacts that left."""
        return sum(line.sent for line in self.lines)

    @property
    def opt_out_rate(self) -> float:
        """Refusals for each person that was reached."""
        return self.refused / self.reached if self.reached else 0.0


def of(tx: Connection, *, since: datetime, until: datetime, zone: str) -> Period:
    """The account from the one instant up to and without the other; five statements."""
    span = {"since": since, "until": until}
    return Period(
        since,
        until,
        tuple(_lines(tx.execute(_BY_CAMPAIGN, span))),
        tuple((r.day, r.channel, r.sent) for r in tx.execute(_BY_DAY, span | {"zone": zone})),
        tuple((r.reason, r.many) for r in tx.execute(_NOT_SENT, span)),
        tx.execute(_REACHED, span).scalar_one(),
        tx.execute(_REFUSED, span).scalar_one(),
    )


def _lines(rows: Iterable[Row[tuple[object, ...]]]) -> Iterable[Line]:
    for row in rows:
        told = row._asdict()
        yield Line(**told | {name: float(told[name]) for name in ("late_p50", "late_p95")})
