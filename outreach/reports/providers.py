"""Which provider brings what it takes over to people, and where does it come back or annoy?

Counted by channel and by the name of the provider that took a contact over; no name where it left
by a relay or gateway of an own, was put before an agent, or is older than the names. A provider's
own id is on each attempt; here they are counted alone.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, text

COLUMNS = (
    "channel", "provider", "sent", "delivered", "failed", "complained", "failure_rate",
    "complaint_rate",
)  # fmt: skip
_BY_PROVIDER = text("""
    with taken as (
        select distinct on (a.touch_id) a.touch_id, a.channel, a.taken_by
        from outreach.attempts a
        where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
        order by a.touch_id, a.fence desc
    )
    select m.channel::text as channel, coalesce(m.taken_by, '') as provider, count(*) as sent,
           count(*) filter (where t.state = 'delivered') as delivered,
           count(*) filter (where t.state = 'failed') as failed,
           count(*) filter (where exists (
               select from outreach.receipts r
               where r.brand_id = t.brand_id and r.touch_id = t.id and r.kind = 'complained')
           ) as complained
    from taken m join outreach.touches t on t.id = m.touch_id
    group by 1, 2 order by 1, sent desc, 2
""")


@dataclass(frozen=True, slots=True)
class Provider:
    """What became of what one provider took over on a channel; no name where it has none."""

    channel: str
    provider: str
    sent: int
    delivered: int
    failed: int
    complained: int

    def row(self) -> dict[str, object]:
        """As a table shows it, with the shares of what was sent that failed or annoyed."""
        rates = {
            "failure_rate": self.failed / self.sent, "complaint_rate": self.complained / self.sent
        }  # fmt: skip
        return asdict(self) | {name: round(rate, 6) for name, rate in rates.items()}


def of(tx: Connection, *, since: datetime, until: datetime) -> list[Provider]:
    """Each provider of each channel, from then on and before the other; one statement."""
    asked = {"since": since, "until": until}
    return [Provider(**row._asdict()) for row in tx.execute(_BY_PROVIDER, asked)]
