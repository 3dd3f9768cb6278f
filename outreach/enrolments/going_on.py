"""Which waits are over, by an event or by time, and what comes then?

Called with the persons held, so that of any number of workers one ends a wait, and what follows is
planned once; and with the campaigns shared, so that whoever ends one or moves its passages comes
wholly before or wholly after. A passage that has ended meanwhile waits for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.enrolments import candidates, glance, plan, store, waiting
from outreach.enrolments.candidates import Asked
from outreach.enrolments.course import Ended
from outreach.enrolments.course import ends as ends_wait
from outreach.enrolments.model import Further, Live, PlannedTouch
from outreach.enrolments.plan import Candidate
from outreach.enrolments.waiting import Coming, Over, Waiting
from outreach.events import store as events
from outreach.events.model import Event
from outreach.people import store as people

BATCH = 500


def by_events(
    tx: Connection, book: campaigns.Book, brand: BrandRef, known: Sequence[Event], *, now: datetime
) -> int:
    """End the waits that these events end, and plan what follows; answers how many there were."""
    types = {event.type for event in known}
    open_ = waiting.open_of(tx, list({event.person_id for event in known}))
    concerned = [one for one in open_ if one.event_type in types]
    return _go_on(tx, book, brand, concerned, known, now=now)


def by_time(tx: Connection, book: campaigns.Book, brand: BrandRef, *, now: datetime) -> int:
    """End the waits that have lasted long enough; those of persons in other hands are left."""
    late = waiting.ran_out(tx, now=now, limit=BATCH)
    if not late:
        return 0
    free = people.take(tx, late)
    open_ = waiting.open_of(tx, list(free))
    return _go_on(tx, book, brand, [one for one in open_ if one.due_at <= now], (), now=now)


def _go_on(
    tx: Connection,
    book: campaigns.Book,
    brand: BrandRef,
    concerned: Sequence[Waiting],
    known: Sequence[Event],
    *,
    now: datetime,
) -> int:
    if not concerned:
        return 0
    versions = book.shared(tx, [one.campaign_id for one in concerned])
    concerned = _still_open(tx, concerned)
    found = _candidates(tx, brand, concerned, versions, now=now)
    over = {
        one.enrolment_id: ended
        for one in concerned
        if (ended := _over(one, found[one.enrolment_id], known, now=now))
    }
    going = [one for one in concerned if one.enrolment_id in over]
    waiting.end(tx, [_ended(one, over[one.enrolment_id]) for one in going])
    further = [_further(one, found, over, versions) for one in going]
    store.add_touches(tx, brand, [touches for touches, _ in further], now=now)
    waiting.add(tx, brand, [coming for _, coming in further])
    return len(going)


def _still_open(tx: Connection, concerned: Sequence[Waiting]) -> list[Waiting]:
    """Those that nobody closed or moved before we shared their versions."""
    open_ = set(waiting.open_of(tx, list({one.person_id for one in concerned})))
    return [one for one in concerned if one in open_]


def _candidates(
    tx: Connection,
    brand: BrandRef,
    concerned: Sequence[Waiting],
    versions: Mapping[UUID, Version],
    *,
    now: datetime,
) -> dict[UUID, Candidate]:
    """What planning looks at, by passage."""
    persons = people.by_id(tx, [one.person_id for one in concerned])
    triggers = events.of_enrolments(tx, [one.enrolment_id for one in concerned])
    asked = [
        Asked(_live(versions[one.campaign_id]), triggers[one.enrolment_id], persons[one.person_id])
        for one in concerned
    ]
    found = candidates.gather(tx, brand, asked, now=now)
    return dict(zip((one.enrolment_id for one in concerned), found, strict=True))


def _live(version: Version) -> Live:
    return Live(version.id, version.campaign, version.stage)


def _over(
    one: Waiting, candidate: Candidate, known: Iterable[Event], *, now: datetime
) -> Ended | None:
    """How this wait ended, if it has: by the first of these events that fits, or by time."""
    passing = plan.passing(candidate)
    wait = next(w for w in candidates.waits(candidate.live.campaign) if w.key == one.step)
    fitting = [
        event
        for event in known
        if event.person_id == one.person_id
        and ends_wait(wait, event, passing, began=one.began_at, until=one.due_at)
    ]
    if fitting:
        first = min(fitting, key=lambda event: (event.occurred_at, event.id))
        return Ended(first.occurred_at, first)
    return Ended(one.due_at) if one.due_at <= now else None


def _ended(one: Waiting, ended: Ended) -> Over:
    return Over(one.enrolment_id, one.step, ended.at, ended.by.id if ended.by else None)


def _further(
    one: Waiting,
    found: Mapping[UUID, Candidate],
    over: Mapping[UUID, Ended],
    versions: Mapping[UUID, Version],
) -> tuple[Further, Coming]:
    """What is planned after this wait; while a version awaits its first glance, it is held too."""
    known = found[one.enrolment_id]._replace(ended={one.step: over[one.enrolment_id]})
    touches, waits = plan.further(known, one.enrolment_id, after=one.step)
    if versions[one.campaign_id].stage == "glance":
        touches = tuple(_held(touch) for touch in touches)
    return (
        Further(one.enrolment_id, one.campaign_id, one.person_id, touches),
        Coming(one.enrolment_id, one.campaign_id, one.person_id, waits),
    )


def _held(touch: PlannedTouch) -> PlannedTouch:
    return touch if touch.reason else touch._replace(held=glance.AWAITING)
