"""Under whose law is this person asked, as what customer, and what does consent answer?

Consent is judged by the law of every place where the person may be. Where nothing tells the place,
that is the market which the brand declares for those it knows by mail alone, or else none, which
leaves care and nothing more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from sqlalchemy import Connection

from optout.model import STRANGER, Decision, Question, Relationship
from optout.registry import Where
from outreach import timezones
from outreach.brands.model import Brand
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.enrolments.evidence import evidence_of
from outreach.hours.model import Place
from outreach.hours.places import place_of
from outreach.people.model import Address, Person
from outreach.records import custom


def where_of(brand: Brand, person: Person, relationship: Relationship, *, now: datetime) -> Where:
    """What the question of consent needs to know of a person beside the address."""
    place = place_of(evidence_of(person))
    return Where(
        jurisdictions=_law(brand, place),
        on=_local_date(place, brand, now),
        relationship=replace(relationship, facts=brand.profile.at_sale),
        sector=brand.profile.sector,
    )


def decisions(
    tx: Connection,
    means: Means,
    brand: Brand,
    touches: Iterable[Touch],
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
) -> dict[UUID, Decision]:
    """What consent says of each of these touches; nothing of those whose person has no address."""
    customers = custom.relationships_of(tx, list(persons))
    stands = {
        id_: where_of(brand, person, customers.get(id_, STRANGER), now=now)
        for id_, person in persons.items()
    }
    asked = [
        (touch.id, question_of(means, brand, touch, address, **stands[touch.person_id]))
        for touch in touches
        if (address := persons[touch.person_id].address(touch.channel))
    ]
    answers = means.registry.ask_many(tx, [question for _, question in asked])
    return dict(zip((touch for touch, _ in asked), answers, strict=True))


def question_of(
    means: Means, brand: Brand, touch: Touch, address: Address, **where: Unpack[Where]
) -> Question:
    """What consent is asked about this touch."""
    return means.registry.question(
        brand=brand.ref.key,
        identity=address.identity,
        channel=touch.channel,
        purpose=touch.purpose,
        **where,
    )


def _law(brand: Brand, place: Place) -> tuple[str, ...]:
    if place.jurisdictions or brand.profile.market is None:
        return place.jurisdictions
    return (brand.profile.market,)


def _local_date(place: Place, brand: Brand, now: datetime) -> date:
    """The latest date that it may be there: rows grow stricter with time, and scrubs staler."""
    zones = place.zones or (brand.zone,)
    return max(now.astimezone(timezones.load(zone)).date() for zone in zones)
