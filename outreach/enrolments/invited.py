"""Whom does an occasion concern, and with which event does a passage of theirs begin?

Whoever it does not concern is no candidate. Whoever it may concern, and of whom no place is known,
is one, and is declined with that reason when planned.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from outreach.campaigns import festivals
from outreach.campaigns.agenda import Occasion
from outreach.campaigns.store import Version
from outreach.campaigns.triggers import (
    AudienceTrigger,
    DateTrigger,
    HolidayTrigger,
    RecurringTrigger,
)
from outreach.db.engine import BrandRef
from outreach.enrolments import occasions
from outreach.enrolments.evidence import evidence_of
from outreach.events.model import Event
from outreach.hours.places import place_of
from outreach.people.model import Person
from outreach.records.dates import Dated


class Invitation(NamedTuple):
    """A person whom an occasion concerns, and the event that says so."""

    person: Person
    event: Event


def meant(trigger: DateTrigger | HolidayTrigger, occasion: Occasion) -> date:
    """The day itself, where the occasion comes some days before or after it."""
    return occasion.day - timedelta(days=trigger.offset)


def all_of(
    brand: BrandRef,
    version: Version,
    occasion: Occasion,
    persons: Iterable[Person],
    *,
    locale: str,
) -> list[Invitation]:
    """Whoever lives where the festival is kept that day; all of them, if it is an audience.

    The condition of the trigger has been asked before. `locale` is the brand's.
    """
    match version.campaign.trigger:
        case HolidayTrigger() as trigger:
            day = meant(trigger, occasion)
            keep = [person for person in persons if _keeps(trigger, day, person)]
            spoken = {person.locale or locale for person in keep}
            events = {
                one: occasions.festival(brand, trigger, occasion, day, locale=one) for one in spoken
            }
            return [Invitation(person, events[person.locale or locale]) for person in keep]
        case AudienceTrigger() | RecurringTrigger():
            event = occasions.audience(brand, version.key, occasion)
            return [Invitation(person, event) for person in persons]
        case _:
            return []


def by_date(
    brand: BrandRef, trigger: DateTrigger, occasion: Occasion, person: Person, own: Dated
) -> Invitation:
    """That this day of the person's has come."""
    return Invitation(person, occasions.own_day(brand, trigger, occasion, person, own))


def _keeps(trigger: HolidayTrigger, day: date, person: Person) -> bool:
    place = place_of(evidence_of(person))
    if not place.jurisdictions:  # once, though the festival may have several days
        return day == festivals.at_home(trigger.holiday, day.year)
    kept = festivals.kept_on(trigger.holiday, place.jurisdictions, day.year)
    if kept is None and trigger.observed_by is not None:
        kept = festivals.at_home(trigger.holiday, day.year)
    return kept == day
