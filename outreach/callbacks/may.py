"""May this call be made now, and if not, what becomes of it?

Pure. The one gate answers, on the number that would be dialled. What it skips is over; what it
holds waits, but for a complaint: whoever has just complained is not called about something else
when it is settled, so that call leaves the queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.callbacks.model import Task
from outreach.dispatch import gate
from outreach.dispatch.model import Facts, Hold, Reason, Skip

LOOK_AGAIN = timedelta(minutes=15)
"""How soon one looks again where nobody knows when a hold ends."""


@dataclass(frozen=True, slots=True)
class May:
    """It may be made, to this number."""

    number: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Over:
    """Not at all."""

    reason: str


Said = May | Later | Over


def may(task: Task, number: str, told: Sequence[Facts], *, ended_by: str | None) -> Said:
    """What is to be done about this call; `told` are its facts, for each number concerned.

    `ended_by` is what ended its passage, if something did.
    """
    if ended_by is not None:
        return Over(ended_by)
    said = (_answered(_to_be_dialled(task, facts)) for facts in told)
    return next((one for one in said if one is not None), May(number))


def _answered(facts: Facts) -> Later | Over | None:
    match gate.judge(facts, gate.PULL_CHAIN):
        case Skip(reason):
            return Over(reason)
        case Hold(Reason.CARE_HOLD):
            return Over(Reason.CARE_HOLD)
        case Hold(reason, until):
            return Later(until or facts.now + LOOK_AGAIN, reason)
    return None


def _to_be_dialled(task: Task, facts: Facts) -> Facts:
    """The facts without the attempt that this call is going to be: it must not count itself.

    Nor does it wait for a better day than the one that the person was promised.
    """
    if task.promised_at:
        facts = replace(facts, day_off_until=None)
    if task.attempts:
        return facts
    others = tuple(one for one in facts.attempts if one.touch_id != task.touch_id)
    return replace(facts, attempts=others)
