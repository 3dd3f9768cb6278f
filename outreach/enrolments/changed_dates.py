"""What follows when a day of somebody's own is told anew, moved or taken back?

A passage that stands on the old day ends, and what of it is not sent is cancelled. The new day
begins a passage of its own where its occasion is open already; else it is found when that opens.
The same day begins none twice, also when it is moved away and back.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns import agenda
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Version
from outreach.campaigns.triggers import DateTrigger
from outreach.db.engine import BrandRef
from outreach.enrolments import beginning, invited, store
from outreach.enrolments.invited import Invitation
from outreach.events import store as events
from outreach.events.model import DATE, Event
from outreach.people import store as people
from outreach.people.model import Person
from outreach.records import dates
from outreach.records.dates import Dated

DATE_CHANGED = "date_changed"
BATCH = 1000


def look(tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime) -> int:
    """Look at the persons of whose days some changed; answers how many there were.

    Whom another worker holds is looked at later. Of whom nobody knows yet is waited for.
    """
    asked = dates.whose_changed(tx, limit=BATCH)
    if not asked:
        return 0
    free, known = people.take(tx, asked), people.by_id(tx, asked)
    dates.settle(tx, [key for key in asked if key in free or key not in known])
    own = [day for day in dates.of(tx, list(free)) if day.person_id in known]
    _end_passages(tx, book, list(free), own, now=now)
    for version in book.live(tx):
        if isinstance(version.campaign.trigger, DateTrigger):
            found = list(_invited(brand, version, own, known, now=now))
            beginning.begin(tx, brand, version, found, now=now)
    return len(free)


def _end_passages(
    tx: Connection,
    book: campaigns.Book,
    whose: Sequence[UUID],
    own: Sequence[Dated],
    *,
    now: datetime,
) -> None:
    """Campaigns are locked before passages, as by whoever moves, ends or enrols people."""
    active = store.active_of(tx, whose)
    book.shared(tx, [passage.campaign_id for passage in active])
    began = events.by_id(tx, [passage.event_id for passage in active])
    days = {(day.person_id, day.name, day.key): day for day in own}
    gone = {
        passage.id: DATE_CHANGED for passage in active if not stands(began[passage.event_id], days)
    }
    store.end(tx, gone, now=now)


def stands(event: Event, days: Mapping[tuple[UUID, str, str], Dated]) -> bool:
    """Whether the day with which a passage began is still the person's; others have no such day."""
    if event.type != DATE:
        return True
    told = event.data
    own = days.get((event.person_id, str(told["named"]), str(told["key"])))
    day = date.fromisoformat(str(told["date"]))
    return own is not None and own.comes_on(day, yearly=bool(told["yearly"]))


def _invited(
    brand: BrandRef,
    version: Version,
    own: Sequence[Dated],
    known: Mapping[UUID, Person],
    *,
    now: datetime,
) -> Iterator[Invitation]:
    """Whose day begins a passage now, since planning has passed it by already."""
    trigger = version.campaign.trigger
    if not isinstance(trigger, DateTrigger):
        return
    for occasion in agenda.coming(trigger, now=now):
        day = invited.meant(trigger, occasion)
        for one in own if occasion.opens_at <= now else ():
            if one.name == trigger.date and one.comes_on(day, yearly=trigger.each_year):
                yield invited.by_date(brand, trigger, occasion, known[one.person_id], one)
