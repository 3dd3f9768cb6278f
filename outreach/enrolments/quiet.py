"""Has it been quiet for long enough around a basket, a parcel or a case, and came nothing first?

What happened decides, in the order in which it happened: a report that comes late counts from when
it says. An event of another thing of the same person disturbs nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from outreach import ids
from outreach.campaigns import agenda
from outreach.campaigns.triggers import EventTrigger, Trigger
from outreach.events.model import Event, thing_of


def asked_for(trigger: Trigger) -> bool:
    """Whether this trigger waits for quiet at all."""
    return isinstance(trigger, EventTrigger) and trigger.quiet_for is not None


def waits(trigger: Trigger, event: Event) -> bool:
    """Whether this trigger waits for quiet after this event."""
    return asked_for(trigger) and isinstance(trigger, EventTrigger) and trigger.event == event.type


def until(trigger: Trigger, event: Event) -> datetime:
    """When it has been quiet for long enough, if nothing comes after this event."""
    return agenda.begins_at(trigger, event, ())


def clock_of(brand: str, campaign: str, event: Event) -> UUID:
    """The id of the clock that this event sets: one a campaign, person and thing."""
    name = (brand, campaign, "quiet", event.type, thing_of(event) or "", event.person_id)
    return ids.derived(ids.ENROLMENT, *name)


def in_order(event: Event) -> tuple[datetime, UUID]:
    """Events by when they happened; those of one instant always in the same order."""
    return event.occurred_at, event.id


def broken_by(trigger: Trigger, event: Event, past: Iterable[Event]) -> Event | None:
    """What came before it could begin: the first of `unless` since the event that set the clock.

    One that names a thing of the same sort and another one, as an order may name its basket, does
    not count. Whatever is known when it is looked at counts, even if it happened after the quiet.
    """
    if not isinstance(trigger, EventTrigger):
        return None
    return next(
        (
            other
            for other in past
            if other.type in trigger.unless
            and other.occurred_at >= event.occurred_at
            and _may_concern(other, event)
        ),
        None,
    )


def _may_concern(other: Event, event: Event) -> bool:
    name, _, value = (thing_of(event) or "").partition(":")
    named = other.data.get(name)
    return named is None or str(named).strip() == value
