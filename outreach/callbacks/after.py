"""What follows from the way in which a call ended?

Pure: the task, the disposition and what the agent said go in; where the task goes comes out.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach import timezones
from outreach.callbacks.document import Disposition, Retry

NOT_REACHED, WRONG_NUMBER = "not_reached", "wrong_number"
"""Why a call that is over failed."""

_LOOK = timedelta(minutes=30)
_FARTHEST = timedelta(days=4)
_MIDDAY, _EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class Said:
    """What the agent said beside the disposition."""

    promised: datetime | None = None  # when to call, as an instant
    only_me: bool = False
    language: str | None = None
    number: str | None = None  # another number of the person, E.164


@dataclass(frozen=True, slots=True)
class Ended:
    """A task whose call has just ended: how many calls there were, when, and on which clock."""

    attempts: int
    calls_at: Collection[datetime]
    zone: str
    now: datetime
    useless_after: datetime
    other_number: str | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """No call follows. `reached`: the touch is delivered; else `reason` says why it failed."""

    reached: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """A call follows, not before `due_at`; `promised` says that the person was told so."""

    due_at: datetime
    promised: bool = False
    only_me: bool = False
    other_number: bool = False
    language: str | None = None
    escalated: bool = False


def follows(
    ended: Ended, way: Disposition, said: Said, *, admits: Callable[[datetime], bool]
) -> Over | Again:
    """Where the task goes now; `admits` says whether the person may be called at an instant."""
    match way.means:
        case "reached":
            return Over(reached=True)
        case "refused":
            return Over(reached=True)
        case "promised":
            due = said.promised or ended.now
            return Again(due, promised=True, only_me=said.only_me)
        case "language":
            return Again(ended.now, language=said.language)
        case "escalate":
            return Again(ended.now, escalated=True)
        case "wrong_number" | "again":
            return _tried(ended, way, way.retry, admits)


def _tried(
    ended: Ended, way: Disposition, retry: Retry | None, admits: Callable[[datetime], bool]
) -> Over | Again:
    wrong = way.means == "wrong_number"
    over = Over(reached=False, reason=WRONG_NUMBER if wrong else NOT_REACHED)
    if retry is None or ended.attempts >= retry.times or (wrong and not ended.other_number):
        return over
    due = ended.now + retry.after
    if retry.other_time:
        due = another_time(due, ended, admits)
    other = bool(ended.other_number and (wrong or retry.other_number))
    return Again(due, other_number=other) if due < ended.useless_after else over


def another_time(after: datetime, ended: Ended, admits: Callable[[datetime], bool]) -> datetime:
    """The first admitted half hour in a part of the day in which nobody has called yet.

    Where there is none within four days, the earliest instant will do.
    """
    tried = {part_of_day(at, ended.zone) for at in ended.calls_at}
    at, end = after, min(after + _FARTHEST, ended.useless_after)
    while at < end:
        if part_of_day(at, ended.zone) not in tried and admits(at):
            return at
        at += _LOOK
    return after


def part_of_day(at: datetime, zone: str) -> str:
    """Morning, afternoon from twelve, evening from five, on the clock of the zone."""
    hour = at.astimezone(timezones.load(zone)).hour
    return "morning" if hour < _MIDDAY else "afternoon" if hour < _EVENING else "evening"
