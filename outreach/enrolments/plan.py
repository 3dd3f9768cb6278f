"""Does this event start a passage of this campaign for this person, and what is planned in it?"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta, tzinfo
from uuid import UUID

from optout.model import Channel
from outreach import ids
from outreach.campaigns import agenda, rules
from outreach.campaigns.lifecycle import Stage
from outreach.campaigns.model import Campaign, Step
from outreach.campaigns.triggers import EventTrigger, Trigger
from outreach.enrolments.model import Declined, Plan, PlannedTouch
from outreach.events.model import Event
from outreach.hours import zones as tz
from outreach.people.model import Person

CONDITION, HOLDOUT, ENDED, NO_ADDRESS = (
    "condition_not_met", "holdout", "already_ended", "no_address",
)  # fmt: skip
PILOT, PILOT_OVER, RAMP = "pilot", "pilot_over", "ramp"


@dataclass(frozen=True, slots=True)
class Live:
    """A version of a campaign that takes people in."""

    id: UUID
    campaign: Campaign
    stage: Stage = "all"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Everything that planning looks at: gathered first, so that planning reads nothing."""

    brand: str
    live: Live
    event: Event
    person: Person
    zones: tuple[str, ...]
    past_exits: Sequence[Event] = ()


def plan(candidate: Candidate) -> Plan | Declined:
    """The passage, or the first reason against it."""
    event, person = described(candidate.event), about(candidate.person)
    if refusal := _refusal(candidate, event, person):
        return _declined(candidate, *refusal)
    live, passage = candidate.live, _passage(candidate)
    touches = (
        _touch(candidate, passage, index, step, (event, person))
        for index, step in enumerate(live.campaign.steps)
    )
    return Plan(passage, live.id, candidate.person.id, candidate.event.id, tuple(touches))


def starts(trigger: Trigger, event: Event) -> bool:
    """Whether this is an event that the trigger waits for."""
    return isinstance(trigger, EventTrigger) and trigger.event == event.type


def described(event: Event) -> Mapping[str, object]:
    """The event as conditions and templates see it."""
    return {
        "type": event.type,
        "key": event.key,
        "occurred_at": event.occurred_at,
        "data": event.data,
    }


def about(person: Person) -> Mapping[str, object]:
    """The person as conditions see them: no address, no hash."""
    known = asdict(person)
    return {name: known[name] for name in known if name not in {"id", "addresses"}}


def ends(exit_event: Event, campaign: Campaign, trigger: Event) -> bool:
    """Whether this event ends a passage that the trigger began; none ends what it began itself."""
    return exit_event.id != trigger.id and any(
        way.event == exit_event.type
        and exit_event.occurred_at >= trigger.occurred_at
        and (way.same == "person" or _same_order(exit_event, trigger))
        for way in campaign.exits
    )


def _same_order(one: Event, other: Event) -> bool:
    return one.data.get("order") is not None and one.data.get("order") == other.data.get("order")


def _refusal(
    candidate: Candidate, event: Mapping[str, object], person: Mapping[str, object]
) -> tuple[str, str] | None:
    campaign = candidate.live.campaign
    if campaign.trigger.condition is not None:
        answer = rules.matches(campaign.trigger.condition, event=event, person=person)
        if not answer.yes:
            return CONDITION, answer.because
    for past in candidate.past_exits:
        if ends(past, campaign, candidate.event):
            return ENDED, f"{past.key} came before the passage began"
    if refusal := _not_yet(candidate):
        return refusal
    if ids.share(candidate.brand, campaign.key, candidate.person.ref) < campaign.holdout:
        return HOLDOUT, "left alone on purpose, to measure what the campaign does"
    return None


def _not_yet(candidate: Candidate) -> tuple[str, str] | None:
    """Whether a trial or a careful start leaves this person out; coins of their own.

    Asked before the holdout, so that only those are compared who could have been contacted.
    """
    live, name = candidate.live, (candidate.brand, candidate.live.campaign.key)
    pilot, ramp, ref = live.campaign.pilot, live.campaign.ramp, candidate.person.ref
    if pilot and candidate.event.occurred_at >= pilot.until:
        return PILOT_OVER, f"the pilot ended {pilot.until.isoformat()}"
    if pilot and ids.share(*name, "pilot", ref) >= pilot.share:
        return PILOT, f"not among the {pilot.share:.0%} of the pilot"
    if ramp and live.stage == "share" and ids.share(*name, "ramp", ref) >= ramp.then:
        return RAMP, f"not among the {ramp.then:.0%} with whom it starts"
    return None


def _declined(candidate: Candidate, reason: str, detail: str) -> Declined:
    # Declined once per event, so that another event may still begin a passage once per person.
    key, ref = candidate.live.campaign.key, candidate.person.ref
    name = (candidate.brand, key, "declined", candidate.event.key, ref)
    return Declined(
        ids.derived(ids.ENROLMENT, *name), candidate.live.id, candidate.person.id,
        candidate.event.id, reason, detail,
    )  # fmt: skip


def _passage(candidate: Candidate) -> UUID:
    campaign = candidate.live.campaign
    once = "person" if campaign.trigger.once_per == "person" else candidate.event.key
    name = (candidate.brand, campaign.key, once, candidate.person.ref)
    return ids.derived(ids.ENROLMENT, *name)


def _touch(
    candidate: Candidate,
    passage: UUID,
    index: int,
    step: Step,
    seen: tuple[Mapping[str, object], Mapping[str, object]],
) -> PlannedTouch:
    campaign = candidate.live.campaign
    begins = agenda.begins_at(campaign.trigger, candidate.event, candidate.zones)
    due = due_at(step, begins, candidate.zones)
    channel = _reachable(step, candidate.person)
    return PlannedTouch(
        id=ids.derived(ids.TOUCH, passage, step.key),
        step=index,
        channel=channel or step.channels[0],
        purpose=step.purpose or campaign.purpose,
        priority=campaign.priority,
        due_at=due,
        useless_after=due + step.useful_for,
        reason=NO_ADDRESS if channel is None else _step_refusal(step, *seen),
    )


def _step_refusal(
    step: Step, event: Mapping[str, object], person: Mapping[str, object]
) -> str | None:
    if step.condition is None or rules.matches(step.condition, event=event, person=person).yes:
        return None
    return CONDITION


def _reachable(step: Step, person: Person) -> Channel | None:
    """The first channel of the step's preference for which the person has an address."""
    return next((channel for channel in step.channels if person.address(channel)), None)


def due_at(step: Step, since: datetime, zones: Sequence[str]) -> datetime:
    """When the step is due: its delay, then its wall time in the latest of the person's zones.

    Without a zone the wall time cannot be kept; the gate then holds what needs a place.
    """
    due = since + step.after
    if step.at is None or not zones:
        return due
    return max(_next_wall_time(due, step.at, tz.load(zone)) for zone in zones)


def _next_wall_time(due: datetime, at: time, zone: tzinfo) -> datetime:
    """The first instant from `due` on at which clocks in the zone show `at`."""
    local = due.astimezone(zone)
    same_day = datetime.combine(local.date(), at, tzinfo=zone)
    if same_day.astimezone(due.tzinfo) >= due:
        return same_day.astimezone(due.tzinfo)
    next_day = datetime.combine(local.date() + timedelta(days=1), at, tzinfo=zone)
    return next_day.astimezone(due.tzinfo)
