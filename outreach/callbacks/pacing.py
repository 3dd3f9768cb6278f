"""How many calls may be opened now, so that people are not kept waiting?

Pure. Calls are opened no faster than the agents on shift can take them up (Erlang C on the handling
time that was measured), counted over the last quarter of an hour. What is not opened waits, and
says so.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from outreach.callbacks import erlang
from outreach.callbacks.document import Pace

SPAN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Load:
    """What a queue can do now, and what it has been given in the last quarter of an hour.

    `next_shift` is when somebody comes, where nobody is there now; `measured` is the mean handling
    time, None while too few calls have been measured.
    """

    agents: int
    given: float
    measured: timedelta | None = None
    next_shift: datetime | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """How many calls may be opened now, when to ask again if that is none, and why."""

    calls: int
    again_in: timedelta
    why: str


def room(pace: Pace, load: Load, *, now: datetime) -> Room:
    """How many more calls the queue may be given now."""
    handling = load.measured or pace.handling
    rate = erlang.most(
        load.agents,
        share=pace.share,
        within=pace.within.total_seconds(),
        handling=max(1.0, handling.total_seconds()),
    )
    most = int(rate * SPAN.total_seconds())
    if load.agents and not most:  # one agent alone cannot promise much, and still makes calls
        most = 1
    why = (
        f"{load.agents} on shift take up {most} calls in 15 min at {_minutes(handling)} each; "
        f"{load.given:.4g} were given to them"
    )
    return Room(max(0, int(most - load.given)), _again_in(load, now), why)


@dataclass(frozen=True, slots=True)
class Admitted:
    """How many calls each queue is given, and what waits."""

    calls: Mapping[str, float]
    held: frozenset[UUID]


def admitted(
    shares: Mapping[UUID, float], where: Mapping[UUID, str], room: Mapping[str, int]
) -> Admitted:
    """Which of these invitations go, the first first, each as a share of a call of its queue.

    A queue without an entry in `room` takes any number, and is not counted.
    """
    calls: dict[str, float] = defaultdict(float)
    held = set()
    for id_, share in shares.items():
        queue = where[id_]
        if queue not in room:
            continue
        if calls[queue] + share > room[queue]:
            held.add(id_)
        else:
            calls[queue] += share
    return Admitted({queue: many for queue, many in calls.items() if many}, frozenset(held))


def _again_in(load: Load, now: datetime) -> timedelta:
    if load.agents or load.next_shift is None:
        return SPAN / 3
    return max(load.next_shift - now, timedelta(minutes=1))


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.1f} min"
