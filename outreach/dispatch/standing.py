"""Under whose law is this person asked, as what customer, and what does consent answer?

Consent is judged by the law of every place where the person may be. Where nothing tells the place,
that is the market which the brand declares for those it knows by mail alone, or else none, which
leaves care and nothing more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import Connection, text

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

# An attempt of another touch of the passage has confirmed it, and nothing confirms it twice.
_REFUSALS = text("""
    select t.id, e.data ->> 'channel' as channel, e.data ->> 'address' as address,
           case when exists (
               select 1 from outreach.touches o
               join outreach.attempts a on a.brand_id = o.brand_id and a.touch_id = o.id
               where o.brand_id = t.brand_id and o.enrolment_id = t.enrolment_id and o.id <> t.id
           ) then cast('0001-01-01T00:00Z' as timestamptz) else e.occurred_at end as since
    from outreach.touches t
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where t.id = any(:ids)
""")
_NO_SUCH = datetime.min.replace(tzinfo=UTC)  # nobody refused then, so nothing is confirmed


@dataclass(frozen=True, slots=True)
class _Refused:
    """Since when, on which channel and from which address (its keyed hash) somebody refused."""

    since: datetime
    channel: str | None
    address: str | None


def where_of(brand: Brand, person: Person, relationship: Relationship, *, now: datetime) -> Where:
    """What the question of consent needs to know of a person beside the address."""
    return _where(brand, place_of(evidence_of(person)), relationship, now=now)


def _where(brand: Brand, place: Place, relationship: Relationship, *, now: datetime) -> Where:
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
    confirming: Collection[UUID] = (),
    now: datetime,
) -> dict[UUID, Decision]:
    """What consent says of each of these touches; nothing of those whose person has no address.

    Those of the campaigns `confirming` refusals are asked about as that and nothing else.
    """
    touches = list(touches)
    confirms = _confirms(tx, [touch for touch in touches if touch.campaign_id in confirming])
    customers = custom.relationships_of(tx, list(persons))
    stands = _stands(brand, persons, customers, now=now)
    asked = [
        (touch.id, _asked(means, brand, touch, address, stands[touch.person_id], confirms, now))
        for touch in touches
        if (address := persons[touch.person_id].address(touch.channel))
    ]
    answers = means.registry.ask_many(tx, [question for _, question in asked])
    return dict(zip((touch for touch, _ in asked), answers, strict=True))


def _stands(
    brand: Brand,
    persons: Mapping[UUID, Person],
    customers: Mapping[UUID, Relationship],
    *,
    now: datetime,
) -> dict[UUID, Where]:
    """Where each of these persons stands; worked out once for all who stand alike."""
    alike: dict[tuple[Place, Relationship], Where] = {}
    stands = {}
    for id_, person in persons.items():
        key = place_of(evidence_of(person)), customers.get(id_, STRANGER)
        if (found := alike.get(key)) is None:
            found = alike[key] = _where(brand, *key, now=now)
        stands[id_] = found
    return stands


def _asked(  # what a question is made of
    means: Means,
    brand: Brand,
    touch: Touch,
    address: Address,
    where: Where,
    confirms: Mapping[UUID, _Refused],
    now: datetime,
) -> Question:
    question = means.registry.question(
        brand=brand.ref.key,
        identity=address.identity,
        channel=touch.channel,
        purpose=touch.purpose,
        **where,
    )
    refused = confirms.get(touch.id)
    if refused is None:
        return question
    known = {one.hex() for one in question.hashes}
    meant = touch.channel == refused.channel and refused.address in known
    return replace(question, confirms=refused.since if meant else _NO_SUCH, at=now)


def _confirms(tx: Connection, touches: Sequence[Touch]) -> dict[UUID, _Refused]:
    """The refusal that each of these is to confirm; none where another of its passage has gone."""
    if not touches:
        return {}
    rows = tx.execute(_REFUSALS, {"ids": [touch.id for touch in touches]})
    return {row.id: _Refused(row.since, row.channel, row.address) for row in rows}


def _law(brand: Brand, place: Place) -> tuple[str, ...]:
    if place.jurisdictions or brand.profile.market is None:
        return place.jurisdictions
    return (brand.profile.market,)


def _local_date(place: Place, brand: Brand, now: datetime) -> date:
    """The latest date that it may be there: rows grow stricter with time, and scrubs staler."""
    zones = place.zones or (brand.zone,)
    return max(now.astimezone(timezones.load(zone)).date() for zone in zones)
