"""Where does each of these tasks go, now that its call has ended?

Gathers for a set, in a fixed number of statements; `after` and `routing` decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from outreach.brands import store as brands
from outreach.brands.model import Brand
from outreach.callbacks import calls, document, promises, queues, routing, slots
from outreach.callbacks.after import Again, Ended, Over, Said, follows
from outreach.callbacks.document import Disposition, Queue
from outreach.callbacks.model import FIRST, Call, Task
from outreach.callbacks.queues import Desk
from outreach.callbacks.routing import Wanted
from outreach.dispatch import claims
from outreach.dispatch.means import Means
from outreach.dispatch.model import Touch
from outreach.enrolments.evidence import evidence_of
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import Person


@dataclass(frozen=True, slots=True)
class Settled:
    """A task, its last call and how that ended, what follows, and the task as it goes on."""

    task: Task
    call: Call
    ending: Disposition
    person: Person
    outcome: Over | Again
    goes: Task


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a set of tasks."""

    brand: Brand
    desk: Desk
    calls: dict[UUID, list[Call]]
    touches: dict[UUID, Touch]
    persons: dict[UUID, Person]


def of(tx: Connection, means: Means, tasks: Sequence[Task], *, now: datetime) -> list[Settled]:
    """What follows for each of these tasks."""
    known = _Known(
        brand=brands.get(tx),
        desk=queues.desk(tx),
        calls=calls.of(tx, [task.id for task in tasks]),
        touches=claims.get(tx, [task.touch_id for task in tasks]),
        persons=people.by_id(tx, [task.person_id for task in tasks]),
    )
    return [_settled(known, means, task, now=now) for task in tasks]


def _settled(known: _Known, means: Means, task: Task, *, now: datetime) -> Settled:
    call, person = known.calls[task.id][-1], known.persons[task.person_id]
    ending = _ending(known.desk, task, call)
    said = _heard(call)
    ended, admits = _ended(known, means, task, said, now=call.ended_at or now)
    outcome = follows(ended, ending, said, admits=admits)
    goes = replace(task, other_number=said.number or task.other_number)
    return Settled(task, call, ending, person, outcome, _going(known, goes, call, outcome))


def _ending(desk: Desk, task: Task, call: Call) -> Disposition:
    """The ending as the queue has it now; one that it no longer knows ends the call."""
    key = str(call.disposition)
    gone = Disposition(key="reached", name={"en": key}, means="reached")
    return desk.endings(task.queue).get(key, gone)


def _ended(
    known: _Known, means: Means, task: Task, said: Said, *, now: datetime
) -> tuple[Ended, Callable[[datetime], bool]]:
    place = place_of(evidence_of(known.persons[task.person_id]))
    purpose = known.touches[task.touch_id].purpose
    hours = promises.hours_of(means, known.brand, place, purpose)
    other = said.number or task.other_number
    ended = Ended(
        attempts=task.attempts,
        calls_at=[call.dialled_at for call in known.calls[task.id]],
        zone=(place.zones or (known.brand.zone,))[0],
        now=now,
        useless_after=task.useless_after,
        other_number=other if other != task.number else None,
    )
    return ended, lambda at: hours(at).allowed


def _heard(call: Call) -> Said:
    told = {name: str(value) for name, value in call.said.items()}
    promised = None
    if "promised" in told:
        promised = slots.instant(datetime.fromisoformat(told["promised"]), told["zone"])
    only = call.said.get("only_me") is True
    return Said(promised, only, told.get("language"), told.get("number"))


def _going(known: _Known, task: Task, call: Call, outcome: Over | Again) -> Task:
    if isinstance(outcome, Over):
        return replace(task, state="closed", only_agent=None)
    promised = outcome.promised
    again = replace(
        task,
        state="open",
        due_at=outcome.due_at,
        number=task.other_number or task.number if outcome.other_number else task.number,
        only_agent=call.agent if outcome.only_me else None,
        promised_at=outcome.due_at if promised else None,
        promised_local=str(call.said["promised"]) if promised else None,
        promised_zone=str(call.said["zone"]) if promised else None,
        rank=FIRST if promised or outcome.escalated else task.rank,
        language=outcome.language or task.language,
    )
    return _passed_on(known, again, outcome)


def _passed_on(known: _Known, task: Task, outcome: Again) -> Task:
    """The task in the queue that takes it now: another language, or somebody of the brand's own."""
    person, touch = known.persons[task.person_id], known.touches[task.touch_id]
    wanted = Wanted(task.reason, touch.purpose, task.language, person.tags, task.kind)
    if outcome.escalated:
        higher = routing.higher(wanted, known.desk.queues)
        return _in(
            task, higher or (document.built_in(task.kind) if known.desk.gone(task.queue) else None)
        )
    if outcome.language:
        return _in(task, routing.queue_for(wanted, known.desk.queues))
    return _in(task, document.built_in(task.kind)) if known.desk.gone(task.queue) else task


def _in(task: Task, queue: Queue | None) -> Task:
    if queue is None:
        return task
    return replace(task, queue=queue.key, needs=queue.needs, in_house=queue.in_house)
