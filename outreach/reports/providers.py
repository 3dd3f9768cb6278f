"""Which provider brings what it takes over to people, and where does it refuse, fail or annoy?

Counted by channel and by the name of the provider that had a contact; no name where it left by a
relay or gateway of an own, was put before an agent, or is older than the names, and where an
attempt was refused on our side, since its provider was to be left alone or its time was over. What
was refused, and what is in doubt, are attempts: a contact that is tried three times may be refused
twice. A provider's own id is on each attempt; here they are counted alone.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, text

COLUMNS = (
    "channel", "provider", "sent", "delivered", "failed", "complained", "refused", "in_doubt",
    "failure_rate", "complaint_rate", "refusal_rate",
)  # fmt: skip
_BY_PROVIDER = text("""
    with made as (
        select a.brand_id, a.touch_id, a.fence, a.channel, coalesce(a.taken_by, '') as provider,
               a.outcome::text as outcome,
               row_number() over (
                   partition by a.touch_id, a.outcome order by a.fence desc) = 1 as last
        from outreach.attempts a
        where a.started_at >= :since and a.started_at < :until and a.outcome is not null
    )
    select m.channel, m.provider,
           count(*) filter (where m.sent) as sent,
           count(*) filter (where m.sent and t.state = 'delivered') as delivered,
           count(*) filter (where m.sent and t.state = 'failed') as failed,
           count(*) filter (where m.sent and exists (
               select from outreach.receipts r
               where r.brand_id = t.brand_id and r.touch_id = t.id and r.kind = 'complained')
           ) as complained,
           count(*) filter (where m.outcome = 'refused') as refused,
           count(*) filter (where m.outcome = 'uncertain') as in_doubt
    from (select *, outcome = 'accepted' and last as sent from made) m
    join outreach.touches t on t.brand_id = m.brand_id and t.id = m.touch_id
    group by 1, 2 order by 1, sent desc, 2
""")


@dataclass(frozen=True, slots=True)
class Provider:
    """What became of what one provider had on a channel; no name where it has none.

    `refused` and `in_doubt` are attempts, everything before them contacts that it took over.
    """

    channel: str
    provider: str
    sent: int
    delivered: int
    failed: int
    complained: int
    refused: int = 0
    in_doubt: int = 0

    def row(self) -> dict[str, object]:
        """As a table shows it, with the shares of what was sent that failed or annoyed.

        And the share of attempts that were refused.
        """
        attempts = self.sent + self.refused + self.in_doubt
        rates = {
            "failure_rate": _share(self.failed, self.sent),
            "complaint_rate": _share(self.complained, self.sent),
            "refusal_rate": _share(self.refused, attempts),
        }
        return asdict(self) | {name: round(rate, 6) for name, rate in rates.items()}


def _share(many: int, of: int) -> float:
    return many / of if of else 0.0


def of(tx: Connection, *, since: datetime, until: datetime) -> list[Provider]:
    """Each provider of each channel, from then on and before the other; one statement."""
    asked = {"since": since, "until": until}
    return [Provider(**row._asdict()) for row in tx.execute(_BY_PROVIDER, asked)]
