"""Which touches are in doubt, and what settles them?

A touch in doubt keeps its state `uncertain`; its lease says when it is looked into next, on the
database's clock. One that nobody looks into any more has no lease.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.db.engine import BrandRef
from outreach.dispatch import contacts, store
from outreach.dispatch.doubting import Doubt
from outreach.private import without_addresses

_LONGEST = timedelta(hours=1)  # between two looks into the same touch
# The older a doubt, the rarer the look; whoever takes it has it until the next.
_TAKE = text("""
    with ours as (
        select brand_id, id from outreach.touches
        where channel = :channel and state = 'uncertain' and lease_until <= now()
        order by lease_until limit :limit for update skip locked
    )
    update outreach.touches t
    set lease_until = now()
        + greatest(:patience, least(:longest, (cast(:now as timestamptz) - t.settled_at) / 2))
    from ours where t.brand_id = ours.brand_id and t.id = ours.id
    returning t.id
""")
_DOUBTS = text("""
    select t.id as touch_id, t.fence,
           coalesce(min(a.started_at) filter (where a.outcome <> 'refused'), min(a.started_at))
               as first_at,
           (array_agg(a.body_hash order by a.fence desc))[1] as body_hash,
           bool_or(a.outcome = 'accepted') as accepted, bool_and(a.outcome = 'refused') as refused
    from outreach.touches t
    join outreach.attempts a on a.brand_id = t.brand_id and a.touch_id = t.id
    where t.id = any(:ids) and t.state = 'uncertain' and a.outcome is not null
    group by t.id, t.fence order by t.id
""")
_GIVEN = """jsonb_to_recordset(cast(:rows as jsonb)) as given(
    id uuid, fence integer, state text, reason text,
    outcome text, provider_id text, detail text)"""
_RESOLVE = text(f"""
    update outreach.touches t
    set state = cast(given.state as outreach.touch_state), reason = given.reason,
        due_at = case when given.state = 'planned' then :now else t.due_at end,
        lease_until = null,
        settled_at = case when given.state <> 'planned' then cast(:now as timestamptz) end
    from {_GIVEN}
    where t.id = given.id and t.fence = given.fence and t.state = 'uncertain'
    returning t.id
""")
# Of several calls in doubt under one key one message came: the last carries it.
_ATTEMPTS = text(f"""
    update outreach.attempts a
    set outcome = case when a.fence = given.fence then cast(given.outcome as outreach.outcome)
                       else cast('refused' as outreach.outcome) end,
        provider_id = case when a.fence = given.fence
                           then coalesce(given.provider_id, a.provider_id) end,
        detail = given.detail, ended_at = coalesce(a.ended_at, :now)
    from {_GIVEN}
    where a.touch_id = given.id and given.outcome is not null
      and (a.outcome = 'uncertain' or (a.outcome is null and a.fence < given.fence))
""")
_SETTLED = text("""
    insert into outreach.settlements (brand_id, touch_id, at, how, said, by, detail)
    values (:brand, :touch, :at, :how, :said, :by, :detail)
""")


@dataclass(frozen=True, slots=True)
class Resolved:
    """How a doubt ends: where the touch goes, what becomes of its attempt, and who says so.

    `how` is key, look_up, receipt, answer, person or age; `said` sent, not_sent, again or
    unconfirmed. `outcome` is None where the attempt stays in doubt.
    """

    touch_id: UUID
    fence: int
    state: str
    how: str
    said: str
    reason: str | None = None
    outcome: str | None = None
    provider_id: str | None = None
    by: str | None = None
    detail: str | None = None


def take(
    tx: Connection, *, channel: Channel, now: datetime, limit: int, patience: timedelta
) -> list[UUID]:
    """Touches in doubt whose time to be looked into has come; nobody else takes them meanwhile."""
    values = {
        "channel": channel, "now": now, "limit": limit, "patience": patience, "longest": _LONGEST,
    }  # fmt: skip
    return [row.id for row in tx.execute(_TAKE, values)]


def of(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, Doubt]:
    """What is known of those of these touches that are in doubt."""
    rows = tx.execute(_DOUBTS, {"ids": list(touches)})
    return {row.touch_id: Doubt(**row._asdict()) for row in rows}


def resolve(
    tx: Connection, brand: BrandRef, ends: Sequence[Resolved], *, now: datetime
) -> set[UUID]:
    """End these doubts and write down how; answers those that still were doubts of this fence."""
    if not ends:
        return set()
    rows = tx.execute(_RESOLVE, {"rows": json.dumps([_row(one) for one in ends]), "now": now})
    ours = {row.id for row in rows}
    ended = [one for one in ends if one.touch_id in ours]
    if not ended:
        return ours
    tx.execute(_ATTEMPTS, {"rows": json.dumps([_row(one) for one in ended]), "now": now})
    contacts.take_back(tx, [one.touch_id for one in ended])
    tx.execute(_SETTLED, [_settlement(brand, one, now) for one in ended])
    back = [one.touch_id for one in ended if one.state == "planned"]
    store.end_with_passage(tx, back, now=now)
    return ours


def _row(one: Resolved) -> Mapping[str, object]:
    return {
        "id": str(one.touch_id), "fence": one.fence, "state": one.state, "reason": one.reason,
        "outcome": one.outcome, "provider_id": one.provider_id, "detail": _told(one),
    }  # fmt: skip


def _told(one: Resolved) -> str:
    who = f" by {one.by}" if one.by else ""
    detail = without_addresses(one.detail or "")
    return f"settled ({one.how}{who}): {one.said}. {detail}".strip()[:500]


def _settlement(brand: BrandRef, one: Resolved, now: datetime) -> dict[str, object]:
    return {
        "brand": brand.id, "touch": one.touch_id, "at": now, "how": one.how, "said": one.said,
        "by": one.by, "detail": without_addresses(one.detail or "") or None,
    }  # fmt: skip
