"""Who shares the calls, who is on shift now, and what did the last shift leave?"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from outreach.callbacks import openings, queues, shifts
from outreach.callbacks.document import Queue
from outreach.callbacks.pacing import Room
from outreach.callbacks.queues import Handover
from outreach.web.auth import Authorized
from outreach.web.shapes import Note, Text

router = APIRouter(tags=["queues"])


@dataclass(frozen=True, slots=True)
class QueueShown:
    """A queue: its agents, who of them is on shift, and how many more calls it is given now.

    `room` is null where nothing paces the queue, and `why` says what it follows from.
    """

    queue: str
    name: dict[str, str]
    in_house: bool
    agents: list[str]
    on_shift: list[str]
    room: int | None
    why: str | None
    dispositions: list[str]


@dataclass(frozen=True, slots=True)
class Queues:
    """The queues of the brand, by name."""

    queues: list[QueueShown]


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """What one shift left to the next."""

    agent: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Handovers:
    """The newest notes, newest first."""

    handovers: list[HandoverShown]


@dataclass(frozen=True, slots=True)
class HandingOver:
    """A note of an agent whose shift ends."""

    agent: Text
    note: Note


@router.get("/queues")
def list_queues(caller: Authorized) -> Queues:
    """The queues of the brand, with who is there now."""
    now = caller.means.clock()
    with caller.begin() as tx:
        known = queues.desk(tx).queues
        rooms = openings.rooms_of(tx, known, now=now)
    return Queues([_shown(queue, rooms.get(queue.key), now) for queue in known])


@router.get("/queues/{queue}/handovers")
def list_handovers(caller: Authorized, queue: Text) -> Handovers:
    """What earlier shifts left to this one."""
    with caller.begin() as tx:
        return Handovers([_note(one) for one in queues.handed_over(tx, queue)])


@router.post("/queues/{queue}/handovers", status_code=201)
def hand_over(caller: Authorized, queue: Text, handing: HandingOver) -> HandoverShown:
    """Leave a note to the next shift."""
    now = caller.means.clock()
    with caller.begin() as tx:
        queues.hand_over(tx, caller.brand, queue, agent=handing.agent, note=handing.note, now=now)
    return HandoverShown(handing.agent, now, handing.note)


def _note(one: Handover) -> HandoverShown:
    return HandoverShown(one.agent, one.at, one.note)


def _shown(queue: Queue, room: Room | None, now: datetime) -> QueueShown:
    return QueueShown(
        queue=queue.key,
        name=dict(queue.name),
        in_house=queue.in_house,
        agents=[agent.key for agent in queue.agents],
        on_shift=[agent.key for agent in shifts.staff(queue, now)],
        room=room.calls if room else None,
        why=room.why if room else None,
        dispositions=list(queue.endings),
    )
