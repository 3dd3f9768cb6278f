"""Which attempts were made at a person, and how did they end?

An attempt is written down before the call. Without an outcome it is in the air.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.channels.fields import storable
from outreach.db.engine import BrandRef
from outreach.db.given import Given
from outreach.dispatch import contacts
from outreach.dispatch.contacts import Made
from outreach.dispatch.model import Touch
from outreach.private import without_addresses

_START_CALL = text("""
    update outreach.touches t set state = 'calling', lease_until = now() + :lease, reason = null
    from unnest(cast(:ids as uuid[]), cast(:fences as integer[])) as given(id, fence)
    where t.id = given.id and t.fence = given.fence and t.state = 'claimed'
    returning t.id
""")
_GIVEN = Given(
    "attempts",
    {
        "touch_id": "uuid", "fence": "integer", "person_id": "uuid", "channel": "text",
        "purpose": "text", "address_hash": "bytea", "content_hash": "bytea", "body_hash": "bytea",
        "begun_at": "timestamptz", "product": "text", "parts": "smallint",
    },
)  # fmt: skip
_ATTEMPT = text(f"""
    insert into outreach.attempts (brand_id, touch_id, fence, person_id, channel, purpose,
        address_hash, content_hash, body_hash, started_at, begun_at, product, parts)
    select :brand, touch_id, fence, person_id, channel, purpose, address_hash, content_hash,
           body_hash, :now, begun_at, product, parts
    from {_GIVEN.table}
""")
_ANSWER = text("""
    update outreach.attempts a
    set outcome = cast(given.outcome as outreach.outcome), provider_id = given.provider_id,
        detail = given.detail, ended_at = :now, taken_by = given.taken_by
    from jsonb_to_recordset(cast(:rows as jsonb)) as given(
        id uuid, fence integer, outcome text, provider_id text, detail text, taken_by text)
    where a.touch_id = given.id and a.fence = given.fence
""")
_IN_AIR = text("""
    select touch_id from outreach.attempts where address_hash = any(:hashes) and outcome is null
""")


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended; `taken_by` names the provider that had it, whatever it said."""

    id: UUID
    fence: int
    outcome: str
    provider_id: str | None
    detail: str
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt about to be made, written down before the call.

    `begun` says that the call may begin at once, and not only once it has been noted (`begun`).
    `parts` is how many messages a provider counts it as.
    """

    touch: Touch
    address_hash: bytes
    content_hash: bytes
    body_hash: bytes = b""
    product: str | None = None
    begun: bool = True
    parts: int = 1


def start_calls(
    tx: Connection, brand: BrandRef, begun: Sequence[Begun], *, now: datetime, lease: timedelta
) -> set[UUID]:
    """Set these touches calling, and write their attempts; answers those still ours to call."""
    values = {
        "ids": [b.touch.id for b in begun], "fences": [b.touch.fence for b in begun],
        "lease": lease,
    }  # fmt: skip
    ours = {row.id for row in tx.execute(_START_CALL, values)}
    if rows := [_attempt(b, now) for b in begun if b.touch.id in ours]:
        _GIVEN.hand_over(tx, rows)
        tx.execute(_ATTEMPT, {"brand": brand.id, "now": now})
        contacts.write(tx, [_made(b) for b in begun if b.touch.id in ours], now=now)
    return ours


def answer(tx: Connection, ended: Sequence[Ended], *, now: datetime) -> None:
    """Write down how attempts ended; evidence, even where the touch is no longer ours."""
    rows = [
        {
            "id": str(e.id), "fence": e.fence, "outcome": e.outcome,
            "provider_id": storable(e.provider_id) if e.provider_id else None,
            "detail": without_addresses(storable(e.detail)), "taken_by": e.taken_by,
        }
        for e in ended
    ]  # fmt: skip
    tx.execute(_ANSWER, {"rows": json.dumps(rows), "now": now})
    if refused := [e.id for e in ended if e.outcome == "refused"]:
        contacts.take_back(tx, refused)


def in_air(tx: Connection, hashes: Sequence[bytes]) -> list[UUID]:
    """Touches whose call to one of these addresses has begun and not ended."""
    return [row.touch_id for row in tx.execute(_IN_AIR, {"hashes": list(hashes)})]


def _attempt(begun: Begun, now: datetime) -> tuple[object, ...]:
    touch = begun.touch
    return (
        touch.id, touch.fence, touch.person_id, touch.channel.value, touch.purpose.value,
        begun.address_hash, begun.content_hash, begun.body_hash, now if begun.begun else None,
        begun.product, begun.parts,
    )  # fmt: skip


def _made(begun: Begun) -> Made:
    touch = begun.touch
    return Made(touch.id, touch.fence, begun.address_hash, touch.channel, touch.purpose)
