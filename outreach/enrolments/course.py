"""What comes next in this passage: which contacts, due when, and what does it wait for then?

From the event that began it, or from a wait that is over, step by step to the next wait that is
not. Branches are taken by what is known at that instant, arms by a hash, so that a passage that is
told again with the same facts goes the same way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from outreach import ids
from outreach.campaigns.conditions import Condition
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import (
    AnyStep,
    Arm,
    Branch,
    Else,
    Same,
    Split,
    Step,
    Wait,
    Way,
    following,
    onwards,
)
from outreach.enrolments.schedule import Clocks, due_at
from outreach.events.model import Event


@dataclass(frozen=True, slots=True)
class Ended:
    """When a wait was over, and by which event; by none when it ran out."""

    at: datetime
    by: Event | None = None


@dataclass(frozen=True, slots=True)
class Waited:
    """A wait on the way: since when its event counts, when it runs out, and its end, if it has."""

    step: str
    event: str
    began_at: datetime
    due_at: datetime
    ended: Ended | None = None


class Contact(NamedTuple):
    """A step that is due at an instant; the number is its place among the campaign's contacts."""

    number: int
    step: Step
    due_at: datetime


class Course(NamedTuple):
    """What comes next. Only the last wait can be one that is not over."""

    contacts: tuple[Contact, ...]
    waits: tuple[Waited, ...] = ()


class Passing(NamedTuple):
    """What the course of a passage depends on.

    `holds` answers a condition about an event, or about none. `past` are events of the person, in
    the order in which they happened, that may have ended a wait; `ended` are waits of which is
    known already how they ended.
    """

    brand: str
    ref: str
    campaign: Campaign
    trigger: Event
    began_at: datetime
    clocks: Clocks
    holds: Callable[[Condition, Event | None], bool]
    past: Sequence[Event] = ()
    ended: Mapping[str, Ended] = MappingProxyType({})


class _Leg(NamedTuple):
    """From here delays count: the last wait's end or the beginning, and the step before."""

    since: Ended
    previous: datetime


def course(passing: Passing, *, after: str | None = None) -> Course:
    """What comes next: from the beginning, or after this wait, whose end has to be known."""
    steps = passing.campaign.steps
    queue = steps if after is None else following(steps, after)
    since = Ended(passing.began_at) if after is None else passing.ended[after]
    leg = _Leg(since, since.at)
    contacts: list[Contact] = []
    waits: list[Waited] = []
    numbers = passing.campaign.numbers
    while queue:
        step, queue = queue[0], queue[1:]
        match step:
            case Step():
                due = _due_at(step, leg, passing.began_at, passing.clocks)
                contacts.append(Contact(numbers[step.key], step, due))
                leg = _Leg(leg.since, due)
            case Wait():
                waits.append(_waited(passing, step, leg))
                if (ended := waits[-1].ended) is None:
                    break
                leg = _Leg(ended, ended.at)
            case _:
                queue = _turned(passing, step, leg, queue)
    return Course(tuple(contacts), tuple(waits))


def straight_on(campaign: Campaign, began_at: datetime, clocks: Clocks) -> Iterator[Contact]:
    """What comes next from the beginning of a campaign that is `straight`, whoever passes it."""
    leg = _Leg(Ended(began_at), began_at)
    for number, step in enumerate(campaign.contacts):
        due = _due_at(step, leg, began_at, clocks)
        yield Contact(number, step, due)
        leg = _Leg(leg.since, due)


def ends(wait: Wait, event: Event, passing: Passing, *, began: datetime, until: datetime) -> bool:
    """Whether this event ends the wait: of its type, in its time, about the same, and as asked."""
    awaited = wait.until
    return (
        event.type == awaited.event
        and began <= event.occurred_at <= until
        and event.id != passing.trigger.id
        and same(event, passing.trigger, awaited.same)
        and (awaited.condition is None or passing.holds(awaited.condition, event))
    )


def same(one: Event, other: Event, by: Same) -> bool:
    """Whether both events are about the same person, order, parcel or contract."""
    return by == "person" or (
        one.data.get(by) is not None
        and str(one.data[by]).strip() == str(other.data.get(by)).strip()
    )


def _due_at(step: Step, leg: _Leg, began_at: datetime, clocks: Clocks) -> datetime:
    # Nothing is due before the passage has come there.
    return max(due_at(step, _origin(step, leg, began_at), clocks), leg.since.at)


def _origin(step: Step, leg: _Leg, began_at: datetime) -> datetime:
    match step.since:
        case "trigger":
            return began_at
        case "previous":
            return leg.previous
        case _:
            return leg.since.at


def _waited(passing: Passing, wait: Wait, leg: _Leg) -> Waited:
    began, runs_out = leg.since.at, leg.previous + wait.at_most
    ended = passing.ended.get(wait.key) or _by_past(passing, wait, leg, until=runs_out)
    return Waited(wait.key, wait.until.event, began, runs_out, ended)


def _by_past(passing: Passing, wait: Wait, leg: _Leg, *, until: datetime) -> Ended | None:
    spent = leg.since.by and leg.since.by.id  # one event does not end two waits in a row
    first = next(
        (
            event
            for event in passing.past
            if event.id != spent and ends(wait, event, passing, began=leg.since.at, until=until)
        ),
        None,
    )
    return Ended(first.occurred_at, first) if first else None


def _turned(
    passing: Passing, step: Branch | Split, leg: _Leg, queue: tuple[AnyStep, ...]
) -> tuple[AnyStep, ...]:
    """The steps to come, now that a branch or a split has decided."""
    if isinstance(step, Split):
        arm = arm_of(step, brand=passing.brand, campaign=passing.campaign.key, ref=passing.ref)
        return (*arm.steps, *queue)
    way = _way(passing, step, leg)
    if way is None:
        return queue
    if way.goto:
        return onwards(passing.campaign.steps, way.goto)
    return (*way.steps, *queue)


def _way(passing: Passing, branch: Branch, leg: _Leg) -> Way | Else | None:
    about = passing.trigger if branch.about == "trigger" else leg.since.by
    holding = (way for way in branch.ways if passing.holds(way.when, about))
    return next(holding, branch.otherwise)


def arm_of(split: Split, *, brand: str, campaign: str, ref: str) -> Arm:
    """The arm of this person; a hash, so that editing what is inside moves nobody."""
    coin = ids.share(brand, campaign, split.key, ref)
    for arm in split.arms:
        if coin < arm.share:
            return arm
        coin -= arm.share
    return split.arms[-1]
