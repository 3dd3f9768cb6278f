"""Where are receipts kept, and how do touches learn from them?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.channels.fields import storable
from outreach.db.engine import BrandRef
from outreach.dispatch import contacts
from outreach.enrolments.model import State
from outreach.private import without_addresses

# The last call of each touch that may have reached its provider.
_CALLS = text("""
    select distinct on (touch_id) touch_id, person_id, channel, address_hash
    from outreach.attempts where touch_id = any(:ids) order by touch_id, fence desc
""")
_NAMED = text("""
    select provider_id, touch_id from outreach.attempts
    where provider_id = any(:ids) and channel = :channel
""")
_KINDS = text("""
    select touch_id, array_agg(distinct kind) as kinds from outreach.receipts
    where touch_id = any(:ids) group by touch_id
""")
_LOCK = text("""
    select id, state::text from outreach.touches where id = any(:ids) order by id
    for no key update
""")
_ADD = text("""
    insert into outreach.receipts (brand_id, touch_id, kind, at, detail)
    select :brand, given.touch, given.kind, given.at, given.detail
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        touch uuid, kind text, at timestamptz, detail text)
    on conflict do nothing returning touch_id
""")
_LEARN = text("""
    update outreach.touches t
    set state = cast(given.state as outreach.touch_state), reason = given.reason,
        lease_until = null, settled_at = :now
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, was text, state text, reason text)
    where t.id = given.id and t.state::text = given.was
""")
# The provider speaks of it, so the provider has it.
_ACCEPTED = text("""
    update outreach.attempts a
    set outcome = 'accepted', ended_at = coalesce(a.ended_at, :now),
        detail = coalesce(nullif(a.detail, ''), 'a receipt told of it')
    from outreach.touches t
    where t.id = any(:ids) and a.brand_id = t.brand_id and a.touch_id = t.id
      and a.outcome is distinct from 'accepted'
      and a.fence = (select max(b.fence) from outreach.attempts b
                     where b.brand_id = a.brand_id and b.touch_id = a.touch_id)
""")
_SETTLED = text("""
    insert into outreach.settlements (brand_id, touch_id, at, how, said)
    select :brand, given.id, :now, 'receipt', 'sent'
    from unnest(cast(:ids as uuid[])) as given(id)
""")


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a touch called, and where."""

    person_id: UUID
    channel: Channel
    address_hash: bytes


@dataclass(frozen=True, slots=True)
class Learnt:
    """A touch, where it stood, and where its receipts take it."""

    touch: UUID
    was: State
    state: State
    reason: str | None


def calls_of(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, Called]:
    """The last call of each of these touches; those that were never called are left out."""
    rows = tx.execute(_CALLS, {"ids": list(touches)})
    return {
        row.touch_id: Called(row.person_id, Channel(row.channel), bytes(row.address_hash))
        for row in rows
    }


def named(tx: Connection, provider_ids: Sequence[str], *, channel: Channel) -> dict[str, UUID]:
    """The touches that the provider of this channel took under these ids of its own."""
    rows = tx.execute(_NAMED, {"ids": list(provider_ids), "channel": channel})
    return {row.provider_id: row.touch_id for row in rows}


def kinds_of(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """All that was ever heard of these touches."""
    return {
        row.touch_id: frozenset(row.kinds) for row in tx.execute(_KINDS, {"ids": list(touches)})
    }


def lock(tx: Connection, touches: Sequence[UUID]) -> dict[UUID, State]:
    """Where these touches stand, locked until the transaction ends."""
    return {row.id: State(row.state) for row in tx.execute(_LOCK, {"ids": list(touches)})}


def add(
    tx: Connection, brand: BrandRef, rows: Sequence[tuple[UUID, str, datetime, str | None]]
) -> int:
    """Keep these receipts; answers how many of them were not there yet."""
    given = [
        {
            "touch": str(touch),
            "kind": kind,
            "at": at.isoformat(),
            "detail": without_addresses(storable(detail)) if detail else None,
        }
        for touch, kind, at, detail in rows
    ]
    return len(tx.execute(_ADD, {"brand": brand.id, "rows": json.dumps(given)}).all())


def learn(tx: Connection, brand: BrandRef, learnt: Sequence[Learnt], *, now: datetime) -> None:
    """Move locked touches as their receipts say, and settle those that were in doubt."""
    if not learnt:
        return
    tx.execute(_LEARN, {"rows": json.dumps([_row(one) for one in learnt]), "now": now})
    touches = [one.touch for one in learnt]
    tx.execute(_ACCEPTED, {"ids": touches, "now": now})
    contacts.restore(tx, touches)
    doubted = [one.touch for one in learnt if one.was is State.UNCERTAIN]
    tx.execute(_SETTLED, {"brand": brand.id, "ids": doubted, "now": now})


def _row(one: Learnt) -> Mapping[str, object]:
    return {"id": str(one.touch), "was": one.was, "state": one.state, "reason": one.reason}
