"""Which calls does a set of touches come to, in which queues, and which of them have to wait?

Reads for the whole set; `routing` and `pacing` decide.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, text

from optout.model import Channel
from outreach.callbacks import calls, pacing, queues, routing, shifts, slots
from outreach.callbacks.document import Queue
from outreach.callbacks.model import FIRST, Sort
from outreach.callbacks.pacing import Load, Room
from outreach.callbacks.queues import Desk
from outreach.callbacks.routing import Wanted
from outreach.callbacks.store import Opening
from outreach.db.engine import BrandRef
from outreach.enrolments.evidence import evidence_of
from outreach.errors import Invalid
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.people.model import Person

_LOWEST = 101  # a rank below every priority; smaller goes first
_MEMORY = timedelta(days=28)
_ABOUT = text("""
    select t.id, t.person_id, t.channel, t.purpose, t.priority, t.useless_after, c.key as campaign,
           e.data ->> 'promised' as promised
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where t.id = any(:ids)
""")
_GIVEN = text("""
    select queue, sum(many) as many from (
        select queue, cast(count(*) as double precision) as many from outreach.tasks
        where queue = any(:queues) and opened_at > :since group by queue
        union all
        select queue, calls from outreach.invited_calls where queue = any(:queues) and at > :since
    ) given group by queue
""")
# Two who give to one queue take turns, in the order of the names: neither gives the same room.
_TAKE_TURNS = text("""
    select pg_advisory_xact_lock(hashtextextended('rooms.' || :brand || '.' || queue, 0))
    from unnest(cast(:queues as text[])) as queue order by queue
""")


@dataclass(frozen=True, slots=True)
class Wish:
    """A touch that is to become a call: whom to dial and what to say."""

    touch_id: UUID
    number: str
    script: str


@dataclass(frozen=True, slots=True)
class Planned:
    """The calls to open, and those for which nobody would have time, with the reason."""

    openings: tuple[Opening, ...]
    held: Mapping[UUID, Room]


def plan(tx: Connection, brand: BrandRef, wishes: Sequence[Wish], *, now: datetime) -> Planned:
    """Route these calls and hold those back that the agents could not take up in time."""
    about = {row.id: row for row in tx.execute(_ABOUT, {"ids": [w.touch_id for w in wishes]})}
    persons = people.by_id(tx, {row.person_id for row in about.values()})
    desk = queues.desk(tx)
    wanted = [(wish, about[wish.touch_id]) for wish in wishes]
    openings = [_opening(one, row, persons[row.person_id], desk, now) for one, row in wanted]
    asked = {one.queue for one in openings}
    rooms = rooms_to_give(tx, brand, [one for one in desk.queues if one.key in asked], now=now)
    held = _held(openings, rooms)
    return Planned(tuple(one for one in openings if one.touch_id not in held), held)


def rooms_to_give(
    tx: Connection, brand: BrandRef, kept: Iterable[Queue], *, now: datetime
) -> dict[str, Room]:
    """The room of these queues for whoever gives of it: until the commit nobody else does.

    Calls that agents make and messages that ask for calls take of the same room.
    """
    paced = [queue for queue in kept if queue.pace]
    names = sorted(queue.key for queue in paced)
    tx.execute(_TAKE_TURNS, {"brand": str(brand.id), "queues": names})
    return rooms_of(tx, paced, now=now)


def rooms_of(tx: Connection, kept: Iterable[Queue], *, now: datetime) -> dict[str, Room]:
    """How many more calls each of these queues may be given now; without a pace it is not asked."""
    paced = {queue.key: queue for queue in kept if queue.pace}
    if not paced:
        return {}
    since = {"queues": list(paced), "since": now - pacing.SPAN}
    given = {row.queue: row.many for row in tx.execute(_GIVEN, since)}
    measured = calls.handling(tx, list(paced), since=now - _MEMORY)
    return {
        key: pacing.room(queue.pace, _load(queue, given, measured, now), now=now)
        for key, queue in paced.items()
        if queue.pace
    }


def _load(
    queue: Queue, given: Mapping[str, float], measured: Mapping[str, timedelta], now: datetime
) -> Load:
    next_shifts = [shifts.of(agent, now).next_at for agent in queue.agents]
    return Load(
        agents=len(shifts.staff(queue, now)),
        given=given.get(queue.key, 0),
        measured=measured.get(queue.key),
        next_shift=min((at for at in next_shifts if at), default=None),
    )


def _held(openings: Sequence[Opening], rooms: Mapping[str, Room]) -> dict[UUID, Room]:
    """What has no room, the lowest in rank last; a promise has been given and is kept."""
    used: Counter[str] = Counter()
    held: dict[UUID, Room] = {}
    for one in sorted(openings, key=lambda opening: opening.rank):
        room = rooms.get(one.queue)
        if room is not None and not one.promised_at and used[one.queue] >= room.calls:
            held[one.touch_id] = room
        used[one.queue] += 1
    return held


def _opening(
    wish: Wish, row: Row[tuple[object, ...]], person: Person, desk: Desk, now: datetime
) -> Opening:
    kind: Sort = "call" if row.channel == Channel.VOICE else "copy"
    wanted = Wanted(row.campaign, row.purpose, person.locale, person.tags, kind)
    queue = routing.queue_for(wanted, desk.queues)
    opening = Opening(
        touch_id=wish.touch_id,
        number=wish.number,
        script=wish.script,
        reason=row.campaign,
        queue=queue.key,
        language=person.locale,
        needs=queue.needs,
        in_house=queue.in_house,
        rank=_LOWEST - int(row.priority),
    )
    if kind == "copy":
        return opening
    return _promised(opening, row.promised, person, earliest=now, latest=row.useless_after)


def _promised(
    opening: Opening, local: str | None, person: Person, *, earliest: datetime, latest: datetime
) -> Opening:
    """The call at the wall time that its event names; one that cannot be kept is as none."""
    zones = place_of(evidence_of(person)).zones
    try:
        wall = datetime.fromisoformat(local) if local else None
        if wall is None or wall.tzinfo is not None or not zones:
            return opening
        at = slots.instant(wall, zones[0])
    except (ValueError, Invalid):
        return opening
    if not earliest <= at < latest:
        return opening
    return replace(
        opening,
        promised_local=wall.isoformat(timespec="minutes"),
        promised_zone=zones[0],
        promised_at=at,
        rank=FIRST,
    )
