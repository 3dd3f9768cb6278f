"""What is known about these touches, right now?

The one place that reads for the gate: a fixed number of statements for a set of touches, however
many they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Unpack
from uuid import UUID

from sqlalchemy import Connection

from optout.model import STRANGER, Decision, Purpose, Question
from optout.registry import Where
from outreach.brands.model import Brand, Cap
from outreach.campaigns.store import Version
from outreach.dispatch import arbitration, claims
from outreach.dispatch import attempts as made
from outreach.dispatch.means import MARGIN, Means
from outreach.dispatch.model import Attempted, Facts, Limit, Touch
from outreach.dispatch.standing import where_of
from outreach.enrolments.evidence import evidence_of
from outreach.hours import judge
from outreach.hours.model import Admission, Place, Rule
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import Address, Person
from outreach.records import cases, custom

_MEMORY = timedelta(days=32)  # no law's cap looks further back


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts by touch, and the persons and campaign versions that words are made from."""

    facts: Mapping[UUID, Facts]
    persons: Mapping[UUID, Person]
    versions: Mapping[UUID, Version]


def gather(
    tx: Connection, means: Means, brand: Brand, touches: Sequence[Touch], *, now: datetime
) -> Gathered:
    """All that the gate looks at for these touches, and for what else is due for their persons."""
    means = ruled(means, brand)
    known = _with_siblings(tx, touches, now=now)
    ids = list({touch.person_id for touch in known})
    persons = people.by_id(tx, ids)
    versions = means.book.versions(tx, [touch.campaign_id for touch in known])
    decisions = _consent(tx, means, brand, known, persons, now=now)
    open_cases = cases.open_of(tx, ids)
    attempts = made.attempts_of(tx, ids, since=now - _memory(brand))
    facts = (
        _facts(
            means, brand, touch, versions[touch.campaign_id], persons[touch.person_id],
            decision=decisions.get(touch.id), cases=open_cases.get(touch.person_id, ()),
            attempts=attempts.get(touch.person_id, ()), now=now,
        )
        for touch in known
    )  # fmt: skip
    told = {f.touch.id: f for f in arbitration.with_rivals(facts)}
    return Gathered({touch.id: told[touch.id] for touch in touches}, persons, versions)


def ruled(means: Means, brand: Brand) -> Means:
    """The same means, whose packs hold what the brand asks of itself on top."""
    return replace(means, packs=means.packs.under(brand.profile.policy))


def _memory(brand: Brand) -> timedelta:
    """How far back attempts are looked at: as far as the longest cap goes."""
    return max(_MEMORY, brand.profile.apart, *(cap.per for cap in brand.profile.caps))


def _with_siblings(tx: Connection, touches: Sequence[Touch], *, now: datetime) -> list[Touch]:
    asked = {touch.id: touch for touch in touches}
    others = claims.siblings(tx, list({t.person_id for t in touches}), now=now)
    return [*asked.values(), *(touch for touch in others if touch.id not in asked)]


def _consent(
    tx: Connection,
    means: Means,
    brand: Brand,
    touches: Iterable[Touch],
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
) -> dict[UUID, Decision]:
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


def _facts(
    means: Means,
    brand: Brand,
    touch: Touch,
    version: Version,
    person: Person,
    *,
    decision: Decision | None,
    cases: tuple[str, ...],
    attempts: tuple[Attempted, ...],
    now: datetime,
) -> Facts:
    place = place_of(evidence_of(person))
    admission = admission_of(means, touch, version, place, now=now)
    return Facts(
        touch=touch,
        now=now,
        campaign=version.key,
        decision=decision,
        cases=cases,
        place=place,
        admission=admission,
        limits=_limits(means, brand, touch, admission.rules),
        attempts=attempts,
        apart=brand.profile.apart,
        rank=arbitration.rank(touch, float(version.campaign.value)),
        pack=means.packs.version,
    )


def admission_of(
    means: Means, touch: Touch, version: Version, place: Place, *, now: datetime
) -> Admission:
    """What the hours say of this touch at this instant."""
    return judge.when(
        means.packs,
        place,
        channel=touch.channel,
        purpose=touch.purpose,
        at=now,
        margin=MARGIN,
        bound=version.campaign.contacts[touch.step].within_hours,
    )


def _limits(means: Means, brand: Brand, touch: Touch, rules: Sequence[Rule]) -> tuple[Limit, ...]:
    """The caps of the brand and of every jurisdiction that speak of a touch like this one."""
    own = [_brand_limit(cap) for cap in brand.profile.caps]
    law = [limit for rule in rules for limit in _rule_limits(means, rule)]
    return tuple(
        limit
        for limit in (*own, *law)
        if touch.channel in limit.channels and touch.purpose in limit.purposes
    )


def _brand_limit(cap: Cap) -> Limit:
    name = f"{cap.max} in {cap.per}"
    return Limit(cap.max, cap.per, cap.channels, cap.purposes, name)


def _rule_limits(means: Means, rule: Rule) -> list[Limit]:
    purposes = tuple(
        purpose
        for purpose in Purpose
        if "any" in rule.purposes
        or means.packs.purpose_class(purpose, rule.jurisdiction) in rule.purposes
    )
    return [Limit(cap.max, cap.per, rule.channels, purposes, cap.rule_id) for cap in rule.caps]
