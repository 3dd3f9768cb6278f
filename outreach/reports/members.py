"""Which messages has a member of the firm at a provider yet to send?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from outreach import ids

_WAITING = text("""
    select e.touch_id, p.ref, c.key as campaign, e.provider, e.given_at
    from (select * from outreach.entrusted order by given_at, touch_id limit :limit) e
    join outreach.touches t on t.brand_id = e.brand_id and t.id = e.touch_id
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    order by e.given_at, e.touch_id
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that a member at this provider has had since `given_at` and has yet to send."""

    touch: str
    person: str
    campaign: str
    provider: str
    given_at: datetime


def waiting(tx: Connection, *, limit: int = 20) -> list[Waiting]:
    """Those that wait longest, the oldest first."""
    return [
        Waiting(
            ids.shown(ids.TOUCH, row.touch_id), row.ref, row.campaign, row.provider, row.given_at
        )
        for row in tx.execute(_WAITING, {"limit": limit})
    ]
