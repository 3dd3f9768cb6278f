"""What was done to these persons before, and what asks for silence about them?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands.model import Brand
from outreach.campaigns.store import Version
from outreach.dispatch import contacts, earlier
from outreach.dispatch.contacts import Contact
from outreach.dispatch.earlier import Attempt
from outreach.dispatch.means import Means
from outreach.dispatch.model import Attempted, Named, Silence, Touch
from outreach.people.model import Person
from outreach.records import holds
from outreach.records.holds import Shared, Spared

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class History:
    """Attempts by person and by address, and holds, ours and those of other brands of the group."""

    hashes: Mapping[UUID, Mapping[str, tuple[bytes, ...]]]  # of each person, by kind of address
    attempts: Sequence[Attempt]
    by_person: Mapping[UUID, Sequence[Attempt]]
    by_address: Mapping[bytes, Sequence[Attempt]]
    contacts: Mapping[bytes, tuple[Contact, ...]]
    spared: Mapping[UUID, Spared]
    shared: Mapping[bytes, Shared]
    grace: timedelta

    def campaigns(self) -> set[UUID]:
        """The campaigns of which there were attempts."""
        return {one.campaign_id for one in self.attempts if one.campaign_id}

    def attempted(
        self, person: Person, touch: Touch, versions: Mapping[UUID, Version]
    ) -> tuple[Attempted, ...]:
        """Attempts at this person or at their addresses, as this touch sees them."""
        kinds = self.hashes[person.id]
        here = kinds.get(address.kind, ()) if (address := person.address(touch.channel)) else ()
        own = [*self.by_person.get(person.id, ())]
        own += [
            one
            for known in here
            for one in self.by_address.get(known, ())
            if one.person_id != person.id
        ]
        theirs = [
            one
            for hashes in kinds.values()
            for known in hashes
            for one in self.contacts.get(known, ())
        ]
        return (
            *(_ours(one, touch, here, versions) for one in own),
            *(_theirs(one, here) for one in theirs),
        )

    def silence(self, person: Person) -> Silence:
        """What asks for silence about this person."""
        known = self.spared.get(person.id, Spared())
        others = [
            self.shared[one]
            for hashes in self.hashes[person.id].values()
            for one in hashes
            if one in self.shared
        ]
        ends = [other.lifts_at for other in others if other.lifts_at]
        ends += [known.closed_at + self.grace] if known.closed_at else []
        return Silence(
            cases=known.cases,
            lifts_at=max(ends, default=None),
            elsewhere=any(other.lifts_at is None and not other.for_good for other in others),
            deceased=known.deceased or any(other.for_good for other in others),
        )


def read(
    tx: Connection,
    means: Means,
    brand: Brand,
    persons: Mapping[UUID, Person],
    *,
    now: datetime,
    memory: timedelta,
) -> History:
    """Read it for these persons, in two statements, or four for a brand of a group."""
    profile, people = brand.profile, list(persons)
    hashes = {person.id: _hashes_by_kind(means, person) for person in persons.values()}
    every = [one for kinds in hashes.values() for known in kinds.values() for one in known]
    since = now - memory
    kinds, grace = profile.care.kinds, profile.care.grace
    made = earlier.attempts_at(tx, people, every, since=since)
    grouped = profile.group is not None
    return History(
        hashes=hashes,
        attempts=made,
        by_person=_grouped(made, lambda one: one.person_id),
        by_address=_grouped(made, lambda one: one.address_hash),
        contacts=contacts.elsewhere(tx, brand.ref, every, since=since) if grouped else {},
        spared=holds.of(tx, people, kinds=kinds, since=now - grace),
        shared=holds.elsewhere(tx, brand.ref, every, now=now) if grouped else {},
        grace=grace,
    )


def hashes_of(means: Means, persons: Iterable[Person]) -> list[bytes]:
    """The hashes of all addresses of these persons, under every key."""
    return [
        one
        for person in persons
        for hashes in _hashes_by_kind(means, person).values()
        for one in hashes
    ]


def named(touch_id: UUID, version: Version, step: int) -> Named:
    """A contact by the names of its campaign and step."""
    campaign, steps = version.campaign, version.contacts
    key = steps[step].key if step < len(steps) else str(step)
    return Named(touch_id, campaign.key, key, tuple(sorted(campaign.name.items())))


def _hashes_by_kind(means: Means, person: Person) -> dict[str, tuple[bytes, ...]]:
    return {address.kind: means.hasher.all(address.identity) for address in person.addresses}


def _grouped(made: Iterable[Attempt], key: Callable[[Attempt], K]) -> dict[K, list[Attempt]]:
    found: dict[K, list[Attempt]] = {}
    for one in made:
        found.setdefault(key(one), []).append(one)
    return found


def _ours(
    one: Attempt, touch: Touch, here: tuple[bytes, ...], versions: Mapping[UUID, Version]
) -> Attempted:
    version = versions.get(one.campaign_id) if one.campaign_id else None
    return Attempted(
        one.touch_id, one.at, one.channel, one.purpose, one.product,
        same_person=one.person_id == touch.person_id,
        same_address=one.address_hash in here,
        named=named(one.touch_id, version, one.step or 0) if version else None,
        same_passage=one.enrolment_id == touch.enrolment_id,
    )  # fmt: skip


def _theirs(one: Contact, here: tuple[bytes, ...]) -> Attempted:
    return Attempted(
        one.touch_id, one.at, one.channel, one.purpose,
        same_person=False, same_address=one.address_hash in here, elsewhere=True,
    )  # fmt: skip
