"""What is to be planned that no event began?

Occasions of campaigns are worked out a few days ahead, each day again. The people of one are gone
through in the order of their ids, a chunk in a transaction, and how far it has come is written down
in the same one: a planner that dies leaves whole chunks and begins none twice. Ids are hashes of
campaign, occasion and person, so that even a chunk planned again would begin nothing anew.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.campaigns import agenda, audience
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Version
from outreach.campaigns.triggers import (
    AudienceTrigger,
    DateTrigger,
    EventTrigger,
    HolidayTrigger,
    RecurringTrigger,
)
from outreach.db.engine import BrandRef
from outreach.enrolments import beginning, changed_dates, invited, plannings
from outreach.enrolments.invited import Invitation
from outreach.enrolments.plannings import A_DAY, Planning
from outreach.people import store as people
from outreach.records import dates

CHUNK = 5000


def plan_next(
    tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime, chunk: int = CHUNK
) -> int:
    """Plan what comes next: days that changed, or a chunk of an occasion.

    Answers how much was gone through; nothing is left when that is 0.
    """
    done = _ask(tx, book, brand, now=now) + changed_dates.look(tx, book, brand, now=now)
    if (planning := plannings.take(tx, now=now)) is None:
        return done
    version = book.versions(tx, [planning.campaign_id])[planning.campaign_id]
    return done + _chunk(tx, brand, version, planning, now=now, size=chunk)


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
    keys = _hold(tx, version, planning, size=size)
    asked = _invited(tx, brand, version, planning, _meant(tx, version, keys, now=now))
    beginning.begin(tx, brand, version, asked, now=now)
    plannings.went_on(
        tx,
        planning,
        after=keys[-1] if keys else planning.after,
        candidates=len(asked),
        done_at=now if len(keys) < size else None,
    )
    return max(len(keys), 1)


def _hold(tx: Connection, version: Version, planning: Planning, *, size: int) -> list[UUID]:
    """Lock the next persons of whom some may be concerned."""
    trigger = version.campaign.trigger
    if not isinstance(trigger, DateTrigger):
        return people.hold_next(tx, planning.after, limit=size)
    day = invited.meant(trigger, planning.occasion)
    return dates.hold_next(
        tx, trigger.date, day, planning.after, yearly=trigger.each_year, limit=size
    )


def _meant(
    tx: Connection, version: Version, keys: Sequence[UUID], *, now: datetime
) -> Sequence[UUID]:
    """Those of these persons whom the trigger's condition means; it is asked in the database."""
    match version.campaign.trigger:
        case AudienceTrigger(audience=asked) | RecurringTrigger(audience=asked) if asked != "all":
            meant = audience.among(tx, asked, keys, now=now)
        case HolidayTrigger(observed_by=asked) if asked is not None:
            meant = audience.among(tx, asked, keys, now=now)
        case _:
            return keys
    return [key for key in keys if key in meant]


def _invited(
    tx: Connection,
    brand: BrandRef,
    version: Version,
    planning: Planning,
    keys: Sequence[UUID],
) -> list[Invitation]:
    trigger, occasion = version.campaign.trigger, planning.occasion
    known = people.by_id(tx, keys)
    persons = [known[key] for key in keys]
    if not isinstance(trigger, DateTrigger):
        locale = brands.get(tx).locale
        return invited.all_of(brand, version, occasion, persons, locale=locale)
    day = invited.meant(trigger, occasion)
    own = dates.falling(tx, keys, trigger.date, day, yearly=trigger.each_year)
    return [invited.by_date(brand, trigger, occasion, known[one.person_id], one) for one in own]
