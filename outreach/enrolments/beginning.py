"""How do passages begin for everybody whom an occasion concerns?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, glance, in_turn, store
from outreach.enrolments.candidates import Asked
from outreach.enrolments.invited import Invitation
from outreach.enrolments.model import Live
from outreach.events import store as events


def begin(
    tx: Connection,
    brand: BrandRef,
    version: Version,
    asked: Sequence[Invitation],
    *,
    now: datetime,
) -> None:
    """Plan the passage of everybody invited, and store what begins."""
    if not asked:
        return
    begun_by = {id(one.event): one.event for one in asked}  # one for all, where it is an audience
    events.keep(tx, brand, list(begun_by.values()), now=now)
    live = Live(version.id, version.campaign, version.stage)
    wanted = [Asked(live, one.event, one.person) for one in asked]
    plans = in_turn.plans(candidates.gather(tx, brand, wanted, now=now))
    store.add(tx, brand, glance.limited(tx, [live], plans), now=now)
