"""Which of the marked calls have begun, and which may be taken back?

A handful is marked together and called one after the other. Before its call begins, each touch is
noted as begun, by the few, under its fence and in a transaction that commits first. So a marked
touch that was never noted has surely not been called, and cannot be any more once it is taken back:
noting it begun fails then, whoever tries. Both take the lock of the touch's row first.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.dispatch.model import Touch

# Noted as begun together, where nothing is known of a provider's pace (`stride`). More of them make
# less work, and leave more uncertain when a worker dies.
FEW = 4

_BEGIN = text("""
    with ours as (
        select t.brand_id, t.id, t.fence from outreach.touches t
        join unnest(cast(:ids as uuid[]), cast(:fences as integer[])) as given(id, fence)
          on t.id = given.id and t.fence = given.fence
        where t.state = 'calling' order by t.id for no key update of t
    )
    update outreach.attempts a set begun_at = :now from ours
    where a.brand_id = ours.brand_id and a.touch_id = ours.id and a.fence = ours.fence
    returning a.touch_id
""")
_LOCK = text("""
    select id from outreach.touches where id = any(:ids) and state = 'calling'
    order by id for no key update
""")
# A statement of its own, after the lock: it sees what was noted while it waited.
_TAKE_BACK = text("""
    update outreach.attempts a
    set outcome = 'refused', detail = 'taken back before the call began', ended_at = :now
    from outreach.touches t
    where t.id = any(:ids) and t.state = 'calling' and a.brand_id = t.brand_id
      and a.touch_id = t.id and a.fence = t.fence and a.begun_at is null and a.outcome is null
    returning a.touch_id
""")
_PLANNED = text("""
    update outreach.touches set state = 'planned', lease_until = null
    where id = any(:ids) and state = 'calling' returning id
""")
_NOT_BEGUN = text("""
    select touch_id from outreach.attempts
    where address_hash = any(:hashes) and outcome is null and begun_at is null
""")


def begin(tx: Connection, touches: Sequence[Touch], *, now: datetime) -> set[UUID]:
    """Note that these calls begin; answers those that still may, being this claim's."""
    values = {
        "ids": [touch.id for touch in touches], "fences": [touch.fence for touch in touches],
        "now": now,
    }  # fmt: skip
    return {row.touch_id for row in tx.execute(_BEGIN, values)}


def take_back(tx: Connection, touches: Sequence[UUID], *, now: datetime) -> list[UUID]:
    """Put those of these marked touches back whose call has not begun; it now never will."""
    if not touches:
        return []
    locked = [row.id for row in tx.execute(_LOCK, {"ids": list(touches)})]
    back = [row.touch_id for row in tx.execute(_TAKE_BACK, {"ids": locked, "now": now})]
    return [row.id for row in tx.execute(_PLANNED, {"ids": back})]


def not_begun(tx: Connection, hashes: Sequence[bytes]) -> list[UUID]:
    """The touches that are marked for one of these addresses and not yet noted as begun."""
    return [row.touch_id for row in tx.execute(_NOT_BEGUN, {"hashes": list(hashes)})]
