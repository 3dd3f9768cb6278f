"""Does this event start a passage of this campaign for this person, and what is planned in it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from outreach import ids
from outreach.brands.pace import ASKING
from outreach.campaigns import agenda, rules
from outreach.campaigns.conditions import Condition
from outreach.campaigns.model import Campaign
from outreach.campaigns.seen import Facts, History, Records, Seen
from outreach.campaigns.triggers import EventTrigger, HolidayTrigger, Trigger
from outreach.enrolments import outlines, quiet, reentry
from outreach.enrolments.course import Course, Ended, Passing, Waited, course, same
from outreach.enrolments.model import Declined, Live, Plan, PlannedTouch, PlannedWait
from outreach.enrolments.outlines import Outline
from outreach.enrolments.schedule import Clocks
from outreach.enrolments.told import About, described, told_of
from outreach.events.model import Event
from outreach.people.model import Person

CONDITION, HOLDOUT, ENDED = "condition_not_met", "holdout", "already_ended"
BRAND_HOLDOUT = "brand_holdout"
PILOT, PILOT_OVER, RAMP = "pilot", "pilot_over", "ramp"
TOO_SOON = "too_soon"
UNPLACED = "place_unknown"
HOLDOUTS = frozenset({HOLDOUT, BRAND_HOLDOUT})


class Candidate(NamedTuple):
    """Everything that planning looks at: gathered first, so that planning reads nothing.

    `past` are the person's events of the types that end passages or waits of this version, in the
    order in which they happened; `ended` says of waits how they ended, where that is known.
    `history`, `days` and `records` (by event) are what its conditions ask for, as of `now`.
    `began` says when the person's passages of the campaign began, by their events, where that
    keeps others away. `holdout` is the share whom no campaign of the brand asks anything.
    """

    brand: str
    live: Live
    event: Event
    person: Person
    zones: tuple[str, ...]
    now: datetime
    jurisdictions: tuple[str, ...] = ()
    past: Sequence[Event] = ()
    ended: Mapping[str, Ended] = MappingProxyType({})
    history: History = MappingProxyType({})
    days: Facts = MappingProxyType({})
    records: Mapping[UUID, Records] = MappingProxyType({})
    began: Mapping[UUID, datetime] = MappingProxyType({})
    holdout: float = 0.0


@dataclass(slots=True)
class Sight:
    """What the conditions of the campaign look at, about the event that begins the passage.

    Described when the first of them asks: most campaigns that speak to everybody ask nothing.
    """

    candidate: Candidate
    described: Seen | None = None

    def __call__(self) -> Seen:
        if self.described is None:
            known = self.candidate
            about, records = About(known.person, known.days), known.records
            about_it = records.get(known.event.id, {}) if records else {}
            self.described = Seen(described(known.event), about, known.now, known.history, about_it)
        return self.described


def plan(candidate: Candidate) -> Plan | Declined:
    """The passage, or the first reason against it."""
    return again(candidate, _passage(candidate))


def again(candidate: Candidate, passage: UUID) -> Plan | Declined:
    """The passage of this id, planned from its beginning; or the first reason against it."""
    seen = Sight(candidate)
    if refusal := _refusal(candidate, seen):
        return _declined(candidate, *refusal)
    touches, waits = _further(candidate, passage, seen)
    return Plan(passage, candidate.live.id, candidate.person.id, candidate.event.id, touches, waits)


def further(
    candidate: Candidate, passage: UUID, *, after: str | None = None
) -> tuple[tuple[PlannedTouch, ...], tuple[PlannedWait, ...]]:
    """The touches and waits of a passage that has begun, from its beginning or after this wait."""
    return _further(candidate, passage, Sight(candidate), after=after)


def passing(candidate: Candidate) -> Passing:
    """The same facts as the course of a passage depends on them."""
    return _passing(candidate, Sight(candidate))


def _further(
    candidate: Candidate, passage: UUID, seen: Sight, *, after: str | None = None
) -> tuple[tuple[PlannedTouch, ...], tuple[PlannedWait, ...]]:
    live, clocks = candidate.live, Clocks(candidate.zones, candidate.jurisdictions)
    has = tuple([address.kind for address in candidate.person.addresses])
    if live.campaign.straight and after is None:
        found = outlines.straight(live, _began_at(candidate), clocks, has)
        return tuple([_touch(passage, outline, seen) for outline in found]), ()
    taken: Course = course(_passing(candidate, seen), after=after)
    found = tuple(outlines.of(live.campaign, contact, clocks, has) for contact in taken.contacts)
    touches = tuple(_touch(passage, outline, seen) for outline in found)
    return touches, tuple(_wait(waited) for waited in taken.waits)


def _passing(candidate: Candidate, seen: Sight) -> Passing:
    def holds(condition: Condition, event: Event | None) -> bool:
        return rules.matches(condition, told_of(seen(), event, candidate.records)).yes

    return Passing(
        brand=candidate.brand,
        ref=candidate.person.ref,
        campaign=candidate.live.campaign,
        trigger=candidate.event,
        began_at=_began_at(candidate),
        clocks=Clocks(candidate.zones, candidate.jurisdictions),
        holds=holds,
        past=candidate.past,
        ended=candidate.ended,
    )


def _began_at(candidate: Candidate) -> datetime:
    return agenda.begins_at(candidate.live.campaign.trigger, candidate.event, candidate.zones)


def starts(trigger: Trigger, event: Event) -> bool:
    """Whether this is an event with which a passage begins at once; its type alone says so."""
    return (
        isinstance(trigger, EventTrigger)
        and trigger.event == event.type
        and trigger.quiet_for is None
    )


def ends(exit_event: Event, campaign: Campaign, trigger: Event, seen: Seen) -> bool:
    """Whether this event ends a passage that the trigger began; none ends what it began itself.

    The exit's condition asks about the event that ends: `seen` is told of it (`told_of`).
    """
    return exit_event.id != trigger.id and any(
        way.event == exit_event.type
        and exit_event.occurred_at >= trigger.occurred_at
        and same(exit_event, trigger, way.same)
        and rules.matches(way.condition, seen).yes
        for way in campaign.exits
    )


def _refusal(candidate: Candidate, seen: Sight) -> tuple[str, str] | None:
    campaign = candidate.live.campaign
    if isinstance(campaign.trigger, HolidayTrigger) and not candidate.zones:
        return UNPLACED, "nothing says by which calendar and clock this person lives"
    if campaign.trigger.condition is not None:
        answer = rules.matches(campaign.trigger.condition, seen())
        if not answer.yes:
            return CONDITION, answer.because
    if refusal := _came_before(candidate, seen) or _too_soon(candidate):
        return refusal
    if refusal := _not_yet(candidate):
        return refusal
    return _left_alone(candidate)


def _left_alone(candidate: Candidate) -> tuple[str, str] | None:
    """By coins of their own: who is left alone by all campaigns says nothing about this one."""
    campaign = candidate.live.campaign
    overall = candidate.holdout
    if overall and campaign.purpose in ASKING and _falls(candidate, BRAND_HOLDOUT, overall):
        return BRAND_HOLDOUT, "left alone on purpose, to measure what all campaigns do"
    if _falls(candidate, campaign.key, campaign.holdout):
        return HOLDOUT, "left alone on purpose, to measure what the campaign does"
    return None


def _falls(candidate: Candidate, coin: str, share: float) -> bool:
    """Whether this coin of the person's falls within the share; none is tossed for none at all."""
    return share > 0 and ids.share(candidate.brand, coin, candidate.person.ref) < share


def _came_before(candidate: Candidate, seen: Sight) -> tuple[str, str] | None:
    if not candidate.past:
        return None
    campaign = candidate.live.campaign
    for past in candidate.past:
        told = told_of(seen(), past, candidate.records)
        if ends(past, campaign, candidate.event, told):
            return ENDED, f"{past.key} came before the passage began"
    broken = quiet.broken_by(campaign.trigger, candidate.event, candidate.past)
    return (ENDED, f"{broken.key} came before the passage began") if broken else None


def _too_soon(candidate: Candidate) -> tuple[str, str] | None:
    if not candidate.began:
        return None
    others = (at for by, at in candidate.began.items() if by != candidate.event.id)
    near = reentry.too_near(candidate.live.campaign.trigger, candidate.event, others)
    return (TOO_SOON, f"the passage of {near.isoformat()} is too near") if near else None


def _not_yet(candidate: Candidate) -> tuple[str, str] | None:
    """Whether a trial or a careful start leaves this person out; coins of their own.

    Asked before the holdout, so that only those are compared who could have been contacted.
    """
    live = candidate.live
    pilot, ramp, ref = live.campaign.pilot, live.campaign.ramp, candidate.person.ref
    if pilot is None and ramp is None:
        return None
    name = (candidate.brand, live.campaign.key)
    if pilot and candidate.event.occurred_at >= pilot.until:
        return PILOT_OVER, f"the pilot ended {pilot.until.isoformat()}"
    if pilot and ids.share(*name, "pilot", ref) >= pilot.share:
        return PILOT, f"not among the {pilot.share:.0%} of the pilot"
    if ramp and live.stage == "share" and ids.share(*name, "ramp", ref) >= ramp.then:
        return RAMP, f"not among the {ramp.then:.0%} with whom it starts"
    return None


def _declined(candidate: Candidate, reason: str, detail: str) -> Declined:
    # Once per event, so that another event may still begin a passage once per person. Only a
    # holdout's answer is the same each time: it counts as often as others pass.
    campaign, event, ref = candidate.live.campaign, candidate.event, candidate.person.ref
    once = reentry.once(campaign.trigger, event) if reason in HOLDOUTS else event.key
    name = (candidate.brand, campaign.key, "declined", once, ref)
    return Declined(
        ids.derived(ids.ENROLMENT, *name), candidate.live.id, candidate.person.id,
        candidate.event.id, reason, detail,
    )  # fmt: skip


def _passage(candidate: Candidate) -> UUID:
    campaign = candidate.live.campaign
    once = reentry.once(campaign.trigger, candidate.event)
    name = (candidate.brand, campaign.key, once, candidate.person.ref)
    return ids.derived(ids.ENROLMENT, *name)


def _touch(passage: UUID, outline: Outline, seen: Sight) -> PlannedTouch:
    step, reason = outline.step, outline.reason
    if reason is None and step.condition is not None:
        reason = None if rules.matches(step.condition, seen()).yes else CONDITION
    return PlannedTouch(
        ids.derived(ids.TOUCH, passage, step.key), outline.number, outline.channel, outline.purpose,
        outline.priority, outline.due_at, outline.useless_after, reason,
    )  # fmt: skip


def _wait(waited: Waited) -> PlannedWait:
    over = waited.ended
    return PlannedWait(
        waited.step, waited.event, waited.began_at, waited.due_at,
        ended_at=over.at if over else None, ended_by=over.by.id if over and over.by else None,
    )  # fmt: skip
