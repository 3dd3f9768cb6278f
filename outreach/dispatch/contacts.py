"""When did other brands of the group contact this address?

An attempt of a brand of a group is written here too, by the hash of its address, for the others to
count. They learn that there was a contact, of which kind and when, and not what was said. A brand
counts its own from its attempts.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from optout.model import Channel, Purpose
from outreach.db.engine import BrandRef

_WRITE = text("""
    insert into outreach.contacts
        (brand_id, touch_id, fence, group_key, address_hash, channel, purpose, at)
    select b.id, given.touch_id, given.fence, b.group_key, given.address_hash, given.channel,
           given.purpose, :now
    from outreach.brands b, unnest(
        cast(:touches as uuid[]), cast(:fences as integer[]), cast(:hashes as bytea[]),
        cast(:channels as text[]), cast(:purposes as text[])
    ) as given(touch_id, fence, address_hash, channel, purpose)
    where left(b.group_key, 1) <> '='
""")
# What a provider surely refused reached nobody.
_TAKE_BACK = text("""
    delete from outreach.contacts c using outreach.attempts a
    where a.touch_id = any(:touches) and a.outcome = 'refused'
      and c.brand_id = a.brand_id and c.touch_id = a.touch_id and c.fence = a.fence
""")
# What was refused, as it seemed, and came about after all.
_RESTORE = text("""
    insert into outreach.contacts
        (brand_id, touch_id, fence, group_key, address_hash, channel, purpose, at)
    select a.brand_id, a.touch_id, a.fence, b.group_key, a.address_hash, a.channel, a.purpose,
           a.started_at
    from outreach.attempts a join outreach.brands b on b.id = a.brand_id
    where a.touch_id = any(:touches) and a.outcome = 'accepted' and left(b.group_key, 1) <> '='
    on conflict do nothing
""")
# Said once more under one key it is one contact, as of the last time.
_REPEAT = text("""
    update outreach.contacts c set fence = t.fence, at = :now from outreach.touches t
    where t.id = any(:touches) and c.brand_id = t.brand_id and c.touch_id = t.id
      and c.fence = t.fence - 1
""")
_AT = text("""
    select address_hash, touch_id, at, channel, purpose
    from outreach.contacts
    where address_hash = any(:hashes) and at > :since and brand_id <> :brand
    order by at, touch_id
""")
# Marks of brands of one group take turns at an address, as those of one brand do at its gate row.
# In order of the keys, so that none waits for the other in a circle.
_TAKE_TURNS = text("""
    select pg_advisory_xact_lock(turn.key) from unnest(cast(:keys as bigint[])) as turn(key)
""")


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt of another brand at an address."""

    address_hash: bytes
    touch_id: UUID
    at: datetime
    channel: Channel
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Made:
    """An attempt as its address counts it."""

    touch_id: UUID
    fence: int
    address_hash: bytes
    channel: Channel
    purpose: Purpose


def take_turns(tx: Connection, group: str, hashes: Iterable[bytes]) -> None:
    """Wait for marks of other brands of the group at these addresses, and keep them waiting."""
    keys = sorted({_turn(group, one) for one in hashes})
    tx.execute(_TAKE_TURNS, {"keys": keys}).all()


def write(tx: Connection, made: Sequence[Made], *, now: datetime) -> None:
    """Write down attempts that are about to be made."""
    values = {
        "touches": [one.touch_id for one in made], "fences": [one.fence for one in made],
        "hashes": [one.address_hash for one in made], "now": now,
        "channels": [one.channel.value for one in made],
        "purposes": [one.purpose.value for one in made],
    }  # fmt: skip
    tx.execute(_WRITE, values)


def take_back(tx: Connection, touches: Sequence[UUID]) -> None:
    """Forget the attempts of these touches that were refused, or taken back before they began."""
    tx.execute(_TAKE_BACK, {"touches": list(touches)})


def restore(tx: Connection, touches: Sequence[UUID]) -> None:
    """Remember the attempts of these touches that were forgotten, and accepted after all."""
    if touches:
        tx.execute(_RESTORE, {"touches": list(touches)})


def repeat(tx: Connection, touches: Sequence[UUID], *, now: datetime) -> None:
    """Let the contacts of these touches stand for the attempt that repeats the last one."""
    tx.execute(_REPEAT, {"touches": list(touches), "now": now})


def elsewhere(
    tx: Connection, brand: BrandRef, hashes: Iterable[bytes], *, since: datetime
) -> Mapping[bytes, tuple[Contact, ...]]:
    """Contacts of other brands of the group with these addresses, oldest first."""
    found: dict[bytes, list[Contact]] = {}
    values = {"brand": brand.id, "hashes": list(set(hashes)), "since": since}
    for row in tx.execute(_AT, values):
        contact = Contact(
            bytes(row.address_hash), row.touch_id, row.at, Channel(row.channel),
            Purpose(row.purpose),
        )  # fmt: skip
        found.setdefault(contact.address_hash, []).append(contact)
    return {one: tuple(contacts) for one, contacts in found.items()}


def _turn(group: str, address_hash: bytes) -> int:
    """A number for the lock; two that collide wait for each other and do no harm."""
    digest = hashlib.sha256(group.encode() + b"\0" + address_hash).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
