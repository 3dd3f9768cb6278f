"""What does planning look at, for a set of persons, events and versions?

What happened before is read for all of them in one statement: a refund that was reported before the
delivery ends the passage that the delivery would begin, and a survey that was answered already is
not waited for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.brands.pace import ASKING
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Wait, placed
from outreach.campaigns.triggers import EventTrigger
from outreach.db.engine import BrandRef
from outreach.enrolments import sight, store
from outreach.enrolments.course import Ended
from outreach.enrolments.evidence import evidence_of
from outreach.enrolments.plan import Candidate, Live
from outreach.enrolments.sight import Sight
from outreach.events import store as events
from outreach.events.model import Event
from outreach.hours.places import place_of
from outreach.people.model import Person
from outreach.records import trades


@dataclass(frozen=True, slots=True)
class Asked:
    """A version, the event that begins or began a passage, and what is known of its waits."""

    live: Live
    event: Event
    person: Person
    ended: Mapping[str, Ended] = field(default_factory=dict)


def gather(
    tx: Connection, brand: BrandRef, asked: Sequence[Asked], *, now: datetime
) -> list[Candidate]:
    """A candidate for each of these, in their order."""
    past = _past(tx, asked)
    seen = _sight(tx, asked, past, now=now)
    passed = _began(tx, asked)
    asking = any(one.live.campaign.purpose in ASKING for one in asked)
    holdout = brands.holdout(tx) if asking else 0.0
    places = {one.person.id: place_of(evidence_of(one.person)) for one in asked}
    return [
        Candidate(
            brand=brand.key,
            live=one.live,
            event=one.event,
            person=one.person,
            zones=places[one.person.id].zones,
            now=now,
            jurisdictions=places[one.person.id].jurisdictions,
            past=past.get(one.person.id, ()),
            ended=one.ended,
            history=seen.histories.get(one.person.id, {}),
            days=seen.days.get(one.person.id, {}),
            records=seen.records,
            began=passed.get((one.live.campaign.key, one.person.id), {}),
            holdout=holdout,
        )
        for one in asked
    ]


def waits(campaign: Campaign) -> Iterator[Wait]:
    """The waits of a campaign, in the order in which they are written."""
    return (step for _, step in placed(campaign.steps) if isinstance(step, Wait))


def _sight(
    tx: Connection, asked: Sequence[Asked], past: Mapping[UUID, Sequence[Event]], *, now: datetime
) -> Sight:
    """What the conditions of these campaigns ask for; who is in an audience is asked elsewhere."""
    campaigns = {one.live.id: one.live.campaign for one in asked}.values()
    conditions = [(c.trigger.condition, c.steps, c.exits) for c in campaigns]
    told = [event for one in asked for event in (one.event, *_ends(one))]
    told += [event for events_ in past.values() for event in events_]
    return sight.gather(tx, conditions, (one.person.id for one in asked), told, now=now)


def _ends(asked: Asked) -> Iterator[Event]:
    """The events that ended this passage's waits."""
    return (ended.by for ended in asked.ended.values() if ended.by)


def _past(tx: Connection, asked: Sequence[Asked]) -> dict[UUID, list[Event]]:
    """Events that end passages or waits, by person, in the order in which they happened."""
    types = _types({one.live.id: one.live.campaign for one in asked}.values())
    found: dict[UUID, list[Event]] = {}
    if types:
        happened = events.of_types(tx, list({one.person.id for one in asked}), types)
        happened = trades.with_orders(tx, happened)
        for event in sorted(happened, key=lambda e: (e.occurred_at, e.id)):
            found.setdefault(event.person_id, []).append(event)
    return found


def _began(
    tx: Connection, asked: Sequence[Asked]
) -> Mapping[tuple[str, UUID], Mapping[UUID, datetime]]:
    """When passages began, by campaign and person, where that keeps others away."""
    apart = [one for one in asked if one.live.campaign.trigger.again_after]
    if not apart:
        return {}
    keys = sorted({one.live.campaign.key for one in apart})
    return store.begun(tx, keys, list({one.person.id for one in apart}))


def _types(campaigns: Iterable[Campaign]) -> list[str]:
    exits, awaited = set(), set()
    for campaign in campaigns:
        exits |= {way.event for way in campaign.exits}
        awaited |= {wait.until.event for wait in waits(campaign)}
        if isinstance(campaign.trigger, EventTrigger):
            awaited |= set(campaign.trigger.unless)
    return sorted(exits | awaited)
