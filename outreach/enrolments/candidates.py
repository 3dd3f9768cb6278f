"""What does planning look at, for a set of persons, events and versions?

What happened before is read for all of them in one statement: a refund that was reported before the
delivery ends the passage that the delivery would begin, and a survey that was answered already is
not waited for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
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
from outreach.enrolments.model import Live
from outreach.enrolments.plan import Candidate
from outreach.enrolments.sight import Sight
from outreach.events import store as events
from outreach.events.model import Event
from outreach.hours.places import place_of
from outreach.people.model import Person
from outreach.records import trades

# One for everybody: to look up what was not gathered is dear where ids are hashed in Python.
_NONE: Mapping[str, Any] = MappingProxyType({})
_NEVER: Mapping[UUID, datetime] = MappingProxyType({})


class Asked(NamedTuple):
    """A version, the event that begins or began a passage, and what is known of its waits."""

    live: Live
    event: Event
    person: Person
    ended: Mapping[str, Ended] = MappingProxyType({})


def gather(
    tx: Connection, brand: BrandRef, asked: Sequence[Asked], *, now: datetime
) -> list[Candidate]:
    """A candidate for each of these, in their order."""
    asking = list({id(one.live): one.live.campaign for one in asked}.values())
    past = _past(tx, asking, asked)
    seen = _sight(tx, asking, asked, past, now=now)
    passed = _began(tx, asked) if any(one.trigger.again_after for one in asking) else {}
    holdout = brands.holdout(tx) if any(one.purpose in ASKING for one in asking) else 0.0
    return [
        Candidate(
            brand=brand.key,
            live=one.live,
            event=one.event,
            person=one.person,
            zones=place.zones,
            now=now,
            jurisdictions=place.jurisdictions,
            past=past.get(one.person.id, ()) if past else (),
            ended=one.ended,
            history=seen.histories.get(one.person.id, _NONE) if seen.histories else _NONE,
            days=seen.days.get(one.person.id, _NONE) if seen.days else _NONE,
            records=seen.records,
            began=passed.get((one.live.campaign.key, one.person.id), {}) if passed else _NEVER,
            holdout=holdout,
        )
        for one in asked
        for place in (place_of(evidence_of(one.person)),)
    ]


def waits(campaign: Campaign) -> Iterator[Wait]:
    """The waits of a campaign, in the order in which they are written."""
    return (step for _, step in placed(campaign.steps) if isinstance(step, Wait))


def _sight(
    tx: Connection,
    asking: Sequence[Campaign],
    asked: Sequence[Asked],
    past: Mapping[UUID, Sequence[Event]],
    *,
    now: datetime,
) -> Sight:
    """What the conditions of these campaigns ask for; who is in an audience is asked elsewhere."""
    conditions = [(c.trigger.condition, c.steps, c.exits) for c in asking]
    told = [one.event for one in asked]
    told += [event for one in asked if one.ended for event in _ends(one)]
    told += [event for events_ in past.values() for event in events_]
    return sight.gather(tx, conditions, (one.person.id for one in asked), told, now=now)


def _ends(asked: Asked) -> Iterator[Event]:
    """The events that ended this passage's waits."""
    return (ended.by for ended in asked.ended.values() if ended.by)


def _past(
    tx: Connection, asking: Sequence[Campaign], asked: Sequence[Asked]
) -> dict[UUID, list[Event]]:
    """Events that end passages or waits, by person, in the order in which they happened."""
    types = _types(asking)
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
