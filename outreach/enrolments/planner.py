"""What is to be planned that no event began?

Occasions of campaigns are worked out a few days ahead, each day again. The people of one are gone
through in the order of their ids, a chunk in a transaction, and how far it has come is written down
in the same one: a planner that dies leaves whole chunks and begins none twice. Ids are hashes of
campaign, occasion and person, so that even a chunk planned again would begin nothing anew.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns import agenda, audience
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Version
from outreach.campaigns.triggers import AudienceTrigger, EventTrigger, RecurringTrigger
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, glance, occasions, plannings, store
from outreach.enrolments.candidates import Asked
from outreach.enrolments.plan import Live, plan
from outreach.enrolments.plannings import A_DAY, Planning
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people import store as people
from outreach.people.model import Person

CHUNK = 5000


def plan_next(
    tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime, chunk: int = CHUNK
) -> int:
    """Plan the next chunk of an occasion; answers how many steps of work were done, 0 for none."""
    asked = _ask(tx, book, brand, now=now)
    planning = plannings.take(tx, now=now)
    if planning is None:
        return asked
    version = book.versions(tx, [planning.campaign_id])[planning.campaign_id]
    return _chunk(tx, brand, version, planning, now=now, size=chunk)


def _ask(tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime) -> int:
    """Put the occasions that are coming on the list, for every version that is to be asked."""
    wanted = plannings.to_ask(tx, now=now)
    versions = book.versions(tx, wanted)
    for id_ in wanted:
        trigger = versions[id_].campaign.trigger
        at_once = isinstance(trigger, EventTrigger | AudienceTrigger)
        next_look = None if at_once else now + A_DAY
        coming = agenda.coming(trigger, now=now)
        plannings.open_for(tx, brand, id_, coming, next_look=next_look)
    return len(wanted)


def _chunk(
    tx: Connection,
    brand: BrandRef,
    version: Version,
    planning: Planning,
    *,
    now: datetime,
    size: int,
) -> int:
    keys = people.hold_next(tx, planning.after, limit=size)
    known = people.by_id(tx, keys)
    meant = _invited(tx, version, keys, now=now)
    invited = [known[key] for key in keys if key in meant]
    if invited:
        event = occasions.audience(brand, version.key, planning.occasion)
        _begin(tx, brand, version, event, invited, now=now)
    plannings.went_on(
        tx,
        planning,
        after=keys[-1] if keys else planning.after,
        candidates=len(invited),
        done_at=now if len(keys) < size else None,
    )
    return max(len(keys), 1)


def _invited(
    tx: Connection, version: Version, keys: Sequence[UUID], *, now: datetime
) -> Collection[UUID]:
    """Those of these persons who are in the audience, and so candidates at all."""
    trigger = version.campaign.trigger
    if not isinstance(trigger, AudienceTrigger | RecurringTrigger):
        return ()
    if trigger.audience == "all":
        return set(keys)
    return audience.among(tx, trigger.audience, keys, now=now)


def _begin(
    tx: Connection,
    brand: BrandRef,
    version: Version,
    event: Event,
    persons: Sequence[Person],
    *,
    now: datetime,
) -> None:
    """Plan the passage of each of these persons, and store what begins."""
    events.keep(tx, brand, [event], now=now)
    live = Live(version.id, version.campaign, version.stage)
    asked = [Asked(live, event, person) for person in persons]
    plans = [plan(candidate) for candidate in candidates.gather(tx, brand, asked, now=now)]
    store.add(tx, brand, glance.limited(tx, [live], plans), now=now)
