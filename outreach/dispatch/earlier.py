"""What was attempted before, at these persons and at the addresses that are theirs?

Counted is what reached a provider, may have, or is in the air; what was surely refused is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel, Purpose
from outreach.dispatch.model import Touch

# A call weighs from when it was dialled, not from when it was planned in. Two lookups and not one
# `or`, so that each goes through its index.
_ATTEMPTS = text("""
    with found as (
        select touch_id, fence from outreach.attempts
        where person_id = any(:people) and started_at > :since
        union
        select touch_id, fence from outreach.attempts
        where address_hash = any(:hashes) and started_at > :since
    )
    select a.person_id, a.touch_id,
           coalesce(a.dialled_at, greatest(a.started_at, a.begun_at)) as at, a.channel,
           a.purpose, a.address_hash, a.product, t.enrolment_id, t.campaign_id, t.step
    from found
    join outreach.attempts a on a.touch_id = found.touch_id and a.fence = found.fence
    left join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
    where a.outcome is distinct from 'refused'
    order by at, a.touch_id
""")
# What a request for a review is about; other contacts are about no product in particular.
_PRODUCTS = text("""
    select t.id, e.data ->> 'product' as product
    from outreach.touches t
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where t.id = any(:ids)
""")
_PROMISED = text("""
    select t.id from outreach.touches t
    join outreach.enrolments n on n.brand_id = t.brand_id and n.id = t.enrolment_id
    join outreach.events e on e.brand_id = n.brand_id and e.id = n.event_id
    where t.id = any(:ids) and e.data ->> 'promised' is not null
""")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt of this brand, with the contact of which it was one."""

    person_id: UUID
    touch_id: UUID
    at: datetime
    channel: Channel
    purpose: Purpose
    address_hash: bytes
    product: str | None
    enrolment_id: UUID | None
    campaign_id: UUID | None
    step: int | None


def attempts_at(
    tx: Connection, people: Sequence[UUID], hashes: Sequence[bytes], *, since: datetime
) -> list[Attempt]:
    """Attempts at these persons or addresses that count for caps, oldest first."""
    values = {"people": list(people), "hashes": list(hashes), "since": since}
    return [
        Attempt(
            row.person_id, row.touch_id, row.at, Channel(row.channel), Purpose(row.purpose),
            bytes(row.address_hash), row.product, row.enrolment_id, row.campaign_id, row.step,
        )
        for row in tx.execute(_ATTEMPTS, values)
    ]  # fmt: skip


def products_of(tx: Connection, touches: Sequence[Touch]) -> dict[UUID, str | None]:
    """The product of which each of these requests for a review speaks, if its event names one."""
    asked = [touch.id for touch in touches if touch.purpose is Purpose.REVIEW]
    if not asked:
        return {}
    return {row.id: row.product for row in tx.execute(_PRODUCTS, {"ids": asked})}


def promised_of(tx: Connection, touches: Sequence[Touch]) -> frozenset[UUID]:
    """Those of these calls whose event promised a time."""
    asked = [touch.id for touch in touches if touch.channel is Channel.VOICE]
    if not asked:
        return frozenset()
    return frozenset(tx.execute(_PROMISED, {"ids": asked}).scalars())
