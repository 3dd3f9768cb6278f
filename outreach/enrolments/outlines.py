"""What is a contact like, but for whose it is?

An audience of a hundred thousand people holds a few places and a few ways to reach somebody: what
follows from these alone is worked out once for each, and not for everybody.
"""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from optout.model import Channel, Purpose
from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Step
from outreach.campaigns.triggers import HolidayTrigger
from outreach.enrolments import schedule
from outreach.enrolments.course import Contact, straight_on
from outreach.enrolments.model import Live
from outreach.enrolments.schedule import Clocks
from outreach.people.model import REACHED_BY

NO_ADDRESS = "no_address"


class Outline(NamedTuple):
    """A contact that is still nobody's, and whose own condition has not been asked.

    `reason` is set when it is over before it began, for whomever it would be.
    """

    step: Step
    number: int
    channel: Channel
    purpose: Purpose
    priority: int
    due_at: datetime
    useless_after: datetime
    reason: str | None


# Bounded by how many places and ways there are, and, where events begin it, by their instants.
@lru_cache(maxsize=1 << 10)
def straight(
    live: Live, began_at: datetime, clocks: Clocks, kinds: tuple[str, ...]
) -> tuple[Outline, ...]:
    """All contacts of a campaign that has no others to choose from, for people of these places.

    `kinds` are the kinds of addresses by which they are reached.
    """
    contacts = straight_on(live.campaign, began_at, clocks)
    return tuple(of(live.campaign, contact, clocks, kinds) for contact in contacts)


def of(campaign: Campaign, contact: Contact, clocks: Clocks, kinds: tuple[str, ...]) -> Outline:
    """What this contact is for people of these places, reached by these kinds of addresses."""
    step = contact.step
    channel = _reachable(step, kinds)
    return Outline(
        step=step,
        number=contact.number,
        channel=channel or step.channels[0],
        purpose=step.serves(campaign.purpose),
        priority=campaign.priority,
        due_at=contact.due_at,
        useless_after=_useless_after(campaign, contact, clocks),
        reason=NO_ADDRESS if channel is None else None,
    )


def _useless_after(campaign: Campaign, contact: Contact, clocks: Clocks) -> datetime:
    """When the step is of no use any more; a festival that may not shift ends with its day."""
    due, trigger = contact.due_at, campaign.trigger
    useful = due + contact.step.useful_for
    if isinstance(trigger, HolidayTrigger) and trigger.otherwise == "skip":
        return min(useful, schedule.end_of_day(due, clocks.zones))
    return useful


def _reachable(step: Step, kinds: tuple[str, ...]) -> Channel | None:
    """The first channel of the step's preference for which there is an address."""
    return next((channel for channel in step.channels if REACHED_BY[channel] in kinds), None)
