"""What does the gate say of these calls, each on the number that would be dialled?

Reads; a fixed number of statements for a set of tasks. `may` decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import store
from outreach.callbacks.may import Later, May, Over, Said, may
from outreach.callbacks.model import Task
from outreach.dispatch import claims, facts, standing
from outreach.dispatch.facts import Gathered
from outreach.dispatch.means import Means
from outreach.dispatch.model import Facts, Touch
from outreach.enrolments import store as enrolments
from outreach.enrolments.evidence import evidence_of
from outreach.hours.places import place_of
from outreach.people.model import REACHED_BY, Address, Person


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate says of each of these tasks, and whose they are."""

    said: Mapping[UUID, Said]
    persons: Mapping[UUID, Person]
    touches: Mapping[UUID, Touch]
    brand: Brand


def judged(tx: Connection, means: Means, tasks: Sequence[Task], *, now: datetime) -> Judged:
    """Judge these tasks as of now, each for the number that would be dialled."""
    brand = brands.get(tx)
    touches = claims.get(tx, [task.touch_id for task in tasks])
    ended = enrolments.ended(tx, list(touches))
    known = facts.gather(tx, means, brand, list(touches.values()), now=now)
    numbers = {task.id: number_of(task, known.persons[task.person_id]) for task in tasks}
    elsewhere = _on_other_numbers(tx, means, brand, tasks, numbers, known, now=now)
    said = {
        task.id: may(
            task,
            numbers[task.id],
            [known.facts[task.touch_id], *elsewhere.get(task.id, ())],
            ended_by=ended.get(task.touch_id),
        )
        for task in tasks
    }
    return Judged(said, known.persons, touches, brand)


def heed(tx: Connection, said: Mapping[UUID, Said], *, now: datetime) -> None:
    """Put off what waits, and withdraw what is over."""
    later = {id_: (one.until, one.reason) for id_, one in said.items() if isinstance(one, Later)}
    store.put_off(tx, later, now=now)
    over = {id_: one.reason for id_, one in said.items() if isinstance(one, Over)}
    store.withdraw(tx, over, now=now)


def first_free(tasks: Sequence[Task], said: Mapping[UUID, Said]) -> tuple[Task, str] | None:
    """The first of these tasks that may be made, and the number to dial."""
    found = ((task, said[task.id]) for task in tasks)
    return next(((task, one.number) for task, one in found if isinstance(one, May)), None)


def number_of(task: Task, person: Person) -> str:
    """The number to dial: one that the person gave in a call, or else the one on record now."""
    address = person.address(task.channel)
    if task.number == task.other_number or address is None:
        return task.number
    return address.value


def address_of(means: Means, task: Task, number: str) -> Address:
    """The number, or the handle of a copy, as an address of a person."""
    identity = task.identity(number)
    return Address(identity.kind.value, number, means.hasher.hash(identity))


def _on_other_numbers(
    tx: Connection,
    means: Means,
    brand: Brand,
    tasks: Sequence[Task],
    numbers: Mapping[UUID, str],
    known: Gathered,
    *,
    now: datetime,
) -> dict[UUID, tuple[Facts, ...]]:
    """The facts of those that go to a number which is not on record: its place, its consent."""
    given = {
        task.touch_id: _reached_at(means, known.persons[task.person_id], task, numbers[task.id])
        for task in tasks
        if _differs(known.persons[task.person_id], task, numbers[task.id])
    }
    if not given:
        return {}
    touches = [known.facts[id_].touch for id_ in given]
    persons = {person.id: person for person in given.values()}
    decisions = standing.decisions(tx, means, brand, touches, persons, now=now)
    ruled = facts.ruled(means, brand)
    found: dict[UUID, tuple[Facts, ...]] = {}
    for touch in touches:
        place = place_of(evidence_of(given[touch.id]))
        version = known.versions[touch.campaign_id]
        seen = replace(
            known.facts[touch.id],
            decision=decisions.get(touch.id), place=place,
            admission=facts.admission_of(ruled, touch, version, place, now=now),
            day_off_until=facts.day_off_until(touch, version, place, now=now),
        )  # fmt: skip
        found[touch.id] = (seen,)
    return found


def _differs(person: Person, task: Task, number: str) -> bool:
    address = person.address(task.channel)
    return address is None or address.value != number


def _reached_at(means: Means, person: Person, task: Task, number: str) -> Person:
    kind = REACHED_BY[task.channel]
    others = tuple(one for one in person.addresses if one.kind != kind)
    return person._replace(addresses=(address_of(means, task, number), *others))
