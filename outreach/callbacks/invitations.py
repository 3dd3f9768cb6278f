"""How many messages that ask for calls may go out now, so that somebody takes these calls up?

They go to the queue to which a call of theirs would go, and count against its pace together with
the calls that agents make: a message by the share of its readers who call. What is counted is kept
by the minute, for an hour.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.callbacks import openings, pacing, queues, routing
from outreach.callbacks.pacing import Room
from outreach.callbacks.routing import Wanted
from outreach.db.engine import BrandRef
from outreach.dispatch.invited import Invitation
from outreach.dispatch.model import Hold, Reason

_COUNT = text("""
    insert into outreach.invited_calls (brand_id, queue, minute, at, calls)
    select :brand, queue, extract(minute from cast(:at as timestamptz)), :at, calls
    from unnest(cast(:queues as text[]), cast(:calls as double precision[])) as given(queue, calls)
    order by queue
    on conflict (brand_id, queue, minute) do update set at = excluded.at,
        calls = excluded.calls + case when invited_calls.at = excluded.at
                                 then invited_calls.calls else 0 end
""")


def taken(
    tx: Connection, brand: BrandRef, wanted: Sequence[Invitation], now: datetime
) -> Mapping[UUID, Hold]:
    """Count what may go now; answers what waits. Five statements, however many they are."""
    desk = queues.desk(tx)
    where = {one.touch_id: _queue(one, desk) for one in wanted}
    busy = [queue for queue in desk.queues if queue.pace and queue.key in where.values()]
    if not busy:
        return {}
    rooms = openings.rooms_to_give(tx, brand, busy, now=now)
    ranked = sorted(wanted, key=lambda one: (one.rank, one.touch_id))
    shares = {one.touch_id: one.share for one in ranked}
    given = pacing.admitted(shares, where, {key: room.calls for key, room in rooms.items()})
    _count(tx, brand, given.calls, now=now)
    return {id_: _hold(rooms[where[id_]], now) for id_ in given.held}


def _queue(one: Invitation, desk: queues.Desk) -> str:
    wanted = Wanted(one.campaign, one.purpose, one.language, one.tags)
    return routing.queue_for(wanted, desk.queues).key


def _count(tx: Connection, brand: BrandRef, calls: Mapping[str, float], *, now: datetime) -> None:
    if calls:
        at = now.replace(second=0, microsecond=0)
        given = {"queues": list(calls), "calls": list(calls.values())}
        tx.execute(_COUNT, given | {"brand": brand.id, "at": at})


def _hold(room: Room, now: datetime) -> Hold:
    return Hold(Reason.AGENTS_BUSY, now + room.again_in, {"why": room.why})
