"""Under whose law is this person asked, and as what customer?

Consent is judged by the law of every place where the person may be. Where nothing tells the place,
that is the market which the brand declares for those it knows by mail alone, or else none, which
leaves care and nothing more.
"""

from datetime import date, datetime

from optout.model import Relationship
from optout.registry import Where
from outreach import timezones
from outreach.brands.model import Brand
from outreach.enrolments.evidence import evidence_of
from outreach.hours.model import Place
from outreach.hours.places import place_of
from outreach.people.model import Person


def where_of(brand: Brand, person: Person, relationship: Relationship, *, now: datetime) -> Where:
    """What the question of consent needs to know of a person beside the address."""
    place = place_of(evidence_of(person))
    return Where(
        jurisdictions=_law(brand, place),
        on=_local_date(place, brand, now),
        relationship=relationship,
        sector=brand.profile.sector,
    )


def _law(brand: Brand, place: Place) -> tuple[str, ...]:
    if place.jurisdictions or brand.profile.market is None:
        return place.jurisdictions
    return (brand.profile.market,)


def _local_date(place: Place, brand: Brand, now: datetime) -> date:
    """The latest date that it may be there: rows grow stricter with time, and scrubs staler."""
    zones = place.zones or (brand.zone,)
    return max(now.astimezone(timezones.load(zone)).date() for zone in zones)
