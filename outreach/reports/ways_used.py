"""By which channels did the brand call its providers since yesterday, and how did that go?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from optout.model import Channel

SPAN = timedelta(days=1)
"""How far back is looked: what a brand does in a day is what its page has to count."""
_USED = text("""
    select channel::text as channel, count(*) as calls, max(started_at) as last_at,
           count(*) filter (where outcome in ('refused', 'uncertain')) as missed
    from outreach.attempts where started_at > :since and started_at <= :now group by channel
""")


@dataclass(frozen=True, slots=True)
class Used:
    """How often a channel was used, when last, and how many calls were refused or in doubt."""

    calls: int
    missed: int
    last_at: datetime


def used(tx: Connection, *, now: datetime) -> Mapping[Channel, Used]:
    """Each channel that was used within `SPAN`."""
    rows = tx.execute(_USED, {"since": now - SPAN, "now": now})
    return {Channel(row.channel): Used(row.calls, row.missed, row.last_at) for row in rows}
