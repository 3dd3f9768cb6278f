"""As which fact does an occasion enter, so that passages, texts and explanations stand on it?

One event for all whom it concerns alike, however many they are: it belongs to nobody. A day of
somebody's own is theirs, and holds what was said when the day was named.
"""

from collections.abc import Mapping
from datetime import date, datetime

from outreach.campaigns import festivals
from outreach.campaigns.agenda import Occasion
from outreach.campaigns.triggers import DateTrigger, HolidayTrigger
from outreach.db.engine import BrandRef
from outreach.events.model import AUDIENCE, DATE, HOLIDAY, NOBODY, OURSELVES, Event, event_id
from outreach.people.model import Person
from outreach.records.dates import Dated


def audience(brand: BrandRef, campaign: str, occasion: Occasion) -> Event:
    """That the time of this campaign's audience has come."""
    key = f"{AUDIENCE}:{campaign}:{occasion.name}"
    told = {"campaign": campaign, "occasion": occasion.name, "date": occasion.day.isoformat()}
    return _shared(brand, AUDIENCE, key, told, at=occasion.opens_at)


def festival(
    brand: BrandRef, trigger: HolidayTrigger, occasion: Occasion, day: date, *, locale: str
) -> Event:
    """That a festival of this day is near or has been, named in the language of this locale."""
    language = locale.partition("-")[0]
    key = f"{HOLIDAY}:{trigger.holiday}:{day.isoformat()}:{trigger.offset}:{language}"
    told = {
        "holiday": trigger.holiday, "name": festivals.name_of(trigger.holiday, locale),
        "date": day.isoformat(), "days": trigger.offset,
    }  # fmt: skip
    return _shared(brand, HOLIDAY, key, told, at=occasion.opens_at)


def own_day(
    brand: BrandRef, trigger: DateTrigger, occasion: Occasion, person: Person, own: Dated
) -> Event:
    """That a day of this person's is near or has been; what was said with the day stays there."""
    day = date.fromordinal(occasion.day.toordinal() - trigger.offset)
    field = own.name.rpartition(".")[2]
    key = f"{DATE}:{own.name}:{day.isoformat()}:{trigger.offset}:{own.key}:{person.ref}"
    told = {
        **own.about, field: day.isoformat(), "date": day.isoformat(), "days": trigger.offset,
        "named": own.name, "key": own.key, "yearly": trigger.each_year,
    }  # fmt: skip
    id_ = event_id(brand, key)
    return Event(id_, DATE, key, person.ref, person.id, occasion.opens_at, OURSELVES, told)


def _shared(
    brand: BrandRef, kind: str, key: str, data: Mapping[str, object], *, at: datetime
) -> Event:
    return Event(event_id(brand, key), kind, key, "", NOBODY, at, OURSELVES, data)
