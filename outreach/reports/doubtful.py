"""Which contacts are in doubt, and what has a person to go by who looks them up?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, text

from outreach import ids

_LIST = text("""
    select t.id, p.ref, c.key as campaign, t.channel, t.purpose, t.reason, a.started_at, a.detail,
           t.lease_until is not null as looked_into
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    join outreach.attempts a on a.brand_id = t.brand_id and a.touch_id = t.id and a.fence = t.fence
    where t.state = 'uncertain' order by a.started_at, t.id limit :limit
""")


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A contact that may have been made: `started_at` is when the call began.

    `looked_into` says that the provider is still asked, or that its receipt is still waited for.
    """

    touch: str
    person: str
    campaign: str
    channel: str
    purpose: str
    reason: str
    started_at: datetime
    detail: str | None
    looked_into: bool


def doubtful(tx: Connection, *, limit: int = 100) -> list[Doubtful]:
    """What is in doubt, the oldest first."""
    return _shown(tx.execute(_LIST, {"limit": limit}))


def _shown(rows: Iterable[Row[tuple[object, ...]]]) -> list[Doubtful]:
    told = (row._asdict() for row in rows)
    return [
        Doubtful(touch=ids.shown(ids.TOUCH, one.pop("id")), person=one.pop("ref"), **one)
        for one in told
    ]
