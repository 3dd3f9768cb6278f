"""What is known about these touches, right now?

The one place that reads for the gate: a fixed number of statements for a set of touches, however
many they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from optout.model import Decision
from outreach.brands.model import Brand
from outreach.campaigns import confirming
from outreach.campaigns.store import Version
from outreach.dispatch import arbitration, claims, earlier, history, limits, standing
from outreach.dispatch.history import History
from outreach.dispatch.means import MARGIN, Means
from outreach.dispatch.model import Facts, Limit, Named, Touch
from outreach.enrolments import schedule
from outreach.enrolments.evidence import evidence_of
from outreach.enrolments.schedule import Clocks
from outreach.hours import judge
from outreach.hours.model import Admission, Place, Rule
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import Person


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts by touch, and the persons and campaign versions that words are made from."""

    facts: Mapping[UUID, Facts]
    persons: Mapping[UUID, Person]
    versions: Mapping[UUID, Version]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read for a set of touches."""

    means: Means
    brand: Brand
    persons: Mapping[UUID, Person]
    versions: Mapping[UUID, Version]
    decisions: Mapping[UUID, Decision]
    history: History
    products: Mapping[UUID, str | None]
    promised: frozenset[UUID]
    own_limits: Sequence[Limit]
    limits: dict[tuple[object, ...], tuple[Sequence[Rule], tuple[Limit, ...]]]


def gather(
    tx: Connection,
    means: Means,
    brand: Brand,
    touches: Sequence[Touch],
    *,
    now: datetime,
    persons: Mapping[UUID, Person] | None = None,
) -> Gathered:
    """All that the gate looks at for these touches, and for what else competes for their persons.

    Each is seen as of now or, where it is due later, as of then. `persons` are theirs where they
    have been read since their rows were locked.
    """
    means = ruled(means, brand)
    rivals = _competing(tx, brand, touches, now=now)
    if persons is None:
        persons = people.by_id(tx, [touch.person_id for touch in touches])
    known = _read(tx, means, brand, rivals, persons, now=now)
    told = {
        f.touch.id: f
        for f in arbitration.with_rivals(_facts(known, touch, now=now) for touch in rivals)
    }
    facts = {touch.id: told[touch.id] for touch in touches}
    return Gathered(facts, known.persons, known.versions)


def unjudged(tx: Connection, means: Means, touches: Sequence[Touch]) -> Gathered:
    """What words are made from, and no facts yet."""
    persons = people.spoken_to(tx, [touch.person_id for touch in touches])
    return Gathered({}, persons, means.book.versions(tx, {t.campaign_id for t in touches}))


def _read(
    tx: Connection,
    means: Means,
    brand: Brand,
    touches: Sequence[Touch],
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
) -> _Known:
    versions = means.book.versions(tx, {touch.campaign_id for touch in touches})
    memory = max((brand.profile.memory, *_spans(versions.values())))
    past = history.read(tx, means, brand, persons, now=now, memory=memory)
    if older := past.campaigns() - versions.keys():
        versions |= means.book.versions(tx, older)
    return _Known(
        means=means,
        brand=brand,
        persons=persons,
        versions=versions,
        decisions=standing.decisions(
            tx, means, brand, touches, persons, confirming=_confirming(versions), now=now
        ),
        history=past,
        products=earlier.products_of(tx, touches),
        promised=earlier.promised_of(tx, touches),
        own_limits=limits.of_brand(brand.profile),
        limits={},
    )


def _confirming(versions: Mapping[UUID, Version]) -> frozenset[UUID]:
    """The campaigns that begin with a refusal, to confirm it."""
    return frozenset(
        id_ for id_, version in versions.items() if confirming.begins(version.campaign)
    )


def _spans(versions: Iterable[Version]) -> Iterator[timedelta]:
    """How far back the caps of these campaigns look."""
    return (cap.per for version in versions for cap in version.campaign.caps)


def ruled(means: Means, brand: Brand) -> Means:
    """The same means, whose packs hold what the brand asks of itself on top."""
    return replace(means, packs=means.packs.under(brand.profile.policy))


def as_of(touch: Touch, now: datetime) -> datetime:
    """The instant at which it is judged: when it is due, where that is later than now.

    What waits for a change is due at its last useful moment, to be dropped; until then it is now
    that counts.
    """
    waits = touch.state == "planned" and now < touch.due_at < touch.useless_after
    return touch.due_at if waits else now


def _competing(
    tx: Connection, brand: Brand, touches: Sequence[Touch], *, now: datetime
) -> list[Touch]:
    """These touches, and all that is due for their persons now or within the brand's horizon."""
    once = list({touch.id: touch for touch in touches}.values())
    until = max((as_of(touch, now) for touch in touches), default=now) + brand.profile.horizon
    return [*once, *claims.siblings(tx, once, now=until)]


def _facts(known: _Known, touch: Touch, *, now: datetime) -> Facts:
    version, person = known.versions[touch.campaign_id], known.persons[touch.person_id]
    brand, now = known.brand, as_of(touch, now)
    place = place_of(evidence_of(person))
    admission = admission_of(known.means, touch, version, place, now=now)
    return Facts(
        touch=touch,
        now=now,
        campaign=version.key,
        decision=known.decisions.get(touch.id),
        care=known.history.silence(person),
        place=place,
        admission=admission,
        limits=_limits(known, touch, admission, place),
        drops=version.contacts[touch.step].late == "drop",
        day_off_until=_day_off_until(known, touch, place, now=now),
        attempts=known.history.attempted(person, touch, known.versions),
        apart=brand.profile.apart,
        rank=arbitration.rank(touch, float(version.campaign.value)),
        pack=known.means.packs.version,
        product=known.products.get(touch.id),
        horizon=brand.profile.horizon,
        named=named(touch, version),
    )


def named(touch: Touch, version: Version) -> Named:
    """The touch as people know it."""
    return history.named(touch.id, version, touch.step)


def _limits(known: _Known, touch: Touch, admission: Admission, place: Place) -> tuple[Limit, ...]:
    """The caps of brand, campaign and every jurisdiction that speak of a touch like this one.

    Worked out once for all that are alike. Rules are told apart by which they are there, since to
    compare them costs more; they are kept, so that no others come to stand in their place.
    """
    rules, zones = admission.rules, place.zones or (known.brand.zone,)
    alike = (touch.campaign_id, touch.channel, touch.purpose, id(rules), zones)
    if (found := known.limits.get(alike)) is None:
        own = limits.of_campaign(known.versions[touch.campaign_id].campaign)
        law = limits.of_rules(known.means.packs, rules)
        told = [*known.own_limits, *own, *law]
        found = known.limits[alike] = (rules, limits.speaking_of(touch, told, zones=zones))
    return found[1]


def _day_off_until(known: _Known, touch: Touch, place: Place, *, now: datetime) -> datetime | None:
    """A call that was promised does not wait for a better day than the one promised."""
    if touch.id in known.promised:
        return None
    return day_off_until(touch, known.versions[touch.campaign_id], place, now=now)


def day_off_until(
    touch: Touch, version: Version, place: Place, *, now: datetime
) -> datetime | None:
    """Until when its step leaves this day out, where it does."""
    step = version.contacts[touch.step]
    return schedule.day_left_out(step, now, Clocks(place.zones, place.jurisdictions))


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
        bound=version.contacts[touch.step].within_hours,
    )
