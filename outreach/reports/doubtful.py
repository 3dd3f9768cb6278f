"""Which contacts are in doubt, and what has a person to go by who looks them up?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, text

from optout.model import Channel
from outreach import ids

_LOOKED_AT = 10  # of each channel, for each that is shown
_CHANNELS = [channel.value for channel in Channel]
# Each attempt is looked up by its key: there are few doubts, and attempts by the million.
_LIST = text("""
    select t.id, p.ref, c.key as campaign, t.channel, t.purpose, t.reason, a.started_at, a.detail,
           t.lease_until is not null as looked_into
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select * from outreach.touches u where u.channel = ch.channel and u.state = 'uncertain'
        order by u.lease_until limit :looked_at) t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.persons p on p.brand_id = t.brand_id and p.id = t.person_id
    cross join lateral (
        select a.started_at, a.detail from outreach.attempts a
        where a.brand_id = t.brand_id and a.touch_id = t.id and a.fence = t.fence limit 1) a
    order by a.started_at, t.id limit :limit
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
    """What is in doubt, the oldest first; where there is very much, the oldest of a part."""
    asked = {"limit": limit, "looked_at": _LOOKED_AT * limit, "channels": _CHANNELS}
    return _shown(tx.execute(_LIST, asked))


def _shown(rows: Iterable[Row[tuple[object, ...]]]) -> list[Doubtful]:
    told = (row._asdict() for row in rows)
    return [
        Doubtful(touch=ids.shown(ids.TOUCH, one.pop("id")), person=one.pop("ref"), **one)
        for one in told
    ]
