"""At which domains do mails of ours arrive, and where do they come back or annoy?

Counted by the domain of the address at which a mail was sent; of whoever was forgotten since no
domain is known any more. Mailbox providers want complaints below 0.3 % of what they deliver:
Google, "Email sender guidelines", https://support.google.com/a/answer/81126.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach.people.known_by import KNOWN_BY

COLUMNS = ("domain", "sent", "delivered", "failed", "complained", "failure_rate", "complaint_rate")
MOST_COMPLAINTS = 0.003

_BY_DOMAIN = text(f"""
    with made as (
        select distinct a.touch_id, a.person_id, a.address_hash
        from outreach.attempts a
        where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
          and a.channel = 'email'
    )
    select coalesce(d.domain, '') as domain, count(*) as sent,
           count(*) filter (where t.state = 'delivered') as delivered,
           count(*) filter (where t.state = 'failed') as failed,
           count(*) filter (where exists (
               select from outreach.receipts r
               where r.brand_id = t.brand_id and r.touch_id = t.id and r.kind = 'complained')
           ) as complained
    from made m
    join outreach.touches t on t.id = m.touch_id
    left join {KNOWN_BY} k on k.brand_id = t.brand_id and k.person_id = m.person_id
        and k.kind = 'email' and k.hash = m.address_hash
    left join outreach.addresses d on d.brand_id = k.brand_id and d.person_id = k.person_id
        and d.kind = k.kind
    group by 1 order by sent desc, domain limit :limit
""")


@dataclass(frozen=True, slots=True)
class Domain:
    """What became of the mails to one domain; no name: whoever had the address was forgotten."""

    domain: str
    sent: int
    delivered: int
    failed: int
    complained: int

    @property
    def failure_rate(self) -> float:
        """Mails that came back, of those that left."""
        return self.failed / self.sent

    @property
    def complaint_rate(self) -> float:
        """Complaints of those that left."""
        return self.complained / self.sent

    @property
    def annoyed(self) -> bool:
        """Whether more complain than mailbox providers bear."""
        return self.complaint_rate >= MOST_COMPLAINTS

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        rates = {"failure_rate": self.failure_rate, "complaint_rate": self.complaint_rate}
        return asdict(self) | {name: round(rate, 6) for name, rate in rates.items()}


def of(tx: Connection, *, since: datetime, until: datetime, limit: int = 50) -> list[Domain]:
    """The domains to which most was sent, from the one instant on and before the other."""
    asked = {"since": since, "until": until, "limit": limit}
    return [Domain(**row._asdict()) for row in tx.execute(_BY_DOMAIN, asked)]
