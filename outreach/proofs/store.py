"""Which addresses are our own people's, and which proofs were sent to them?

A proof is written down before its call, like any attempt: without an outcome nobody knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from optout import identity
from optout.errors import UnreadableIdentity
from optout.model import Channel, Identity
from outreach.channels.fields import storable
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid
from outreach.proofs.pace import DAY, HOUR, Sent

CHANNELS = (Channel.EMAIL, Channel.SMS)
MOST = 50  # addresses of a brand
_LONGEST_LABEL = 80

Outcome = Literal["accepted", "refused", "uncertain"]

_TURN = text("select pg_advisory_xact_lock(hashtextextended('proofs of ' || :brand, 0))")
_LIST = text("""
    insert into outreach.own_addresses (brand_id, channel, address, label, added_by, added_at)
    values (:brand, :channel, :address, :label, :by, :now)
    on conflict (brand_id, channel, address) do update
    set label = excluded.label, added_by = excluded.added_by, added_at = excluded.added_at,
        removed_at = null
""")
_REMOVE = text("""
    update outreach.own_addresses set removed_at = :now
    where channel = :channel and address = :address and removed_at is null
""")
_OWN = text("""
    select channel, address, label, added_by from outreach.own_addresses
    where removed_at is null order by channel, address
""")
_SENT = text("""
    select count(*) filter (where "by" = :by and started_at > :hour) as of_user,
           count(*) as of_brand
    from outreach.proofs where started_at > :day
""")
_BEGIN = text("""
    insert into outreach.proofs
        (brand_id, id, "by", channel, address, template, locale, started_at)
    values (:brand, :id, :by, :channel, :address, :template, :locale, :now)
""")
_END = text("""
    update outreach.proofs
    set outcome = :outcome, provider_id = :provider_id, detail = :detail, ended_at = :now
    where id = :id and outcome is null
""")
_NEWEST = text("""
    select "by", channel, address, template, locale, started_at, outcome, detail
    from outreach.proofs order by started_at desc, id limit :limit
""")


@dataclass(frozen=True, slots=True)
class Own:
    """An address at which one of our own people reads proofs."""

    channel: Channel
    address: str
    label: str = ""
    added_by: str = ""

    @property
    def identity(self) -> Identity:
        """Raises `Invalid` for what is no address of its channel."""
        return read(self.channel, self.address)


@dataclass(frozen=True, slots=True)
class Begun:
    """One proof about to be sent."""

    id: UUID
    template: str
    locale: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What the provider said of one proof."""

    id: UUID
    outcome: Outcome
    provider_id: str | None
    detail: str


def read(channel: Channel, written: str) -> Identity:
    """The one spelling of this address. Raises `Invalid` for what is none of this channel."""
    if channel not in CHANNELS:
        raise Invalid(f"tests go by {' or '.join(CHANNELS)}, not by {channel}")
    try:
        return (identity.email if channel is Channel.EMAIL else identity.phone)(written)
    except UnreadableIdentity as error:
        raise Invalid(f"this address cannot be used: {error}") from error


def put(tx: Connection, brand: BrandRef, own: Own, *, by: str, now: datetime) -> None:
    """List an address as one of our own. Raises `Invalid`, `Conflict` where there are `MOST`."""
    if len(own.label) > _LONGEST_LABEL or not own.label.isprintable():
        raise Invalid(f"say whose it is in at most {_LONGEST_LABEL} signs, on one line")
    address = own.identity.value
    take_turn(tx, brand)
    if (
        len([one for one in every(tx) if (one.channel, one.address) != (own.channel, address)])
        >= MOST
    ):
        raise Conflict(f"{MOST} addresses are listed: remove one that nobody reads any more")
    values = {"brand": brand.id, "channel": own.channel.value, "address": address}
    tx.execute(_LIST, {**values, "label": own.label.strip(), "by": by, "now": now})


def remove(tx: Connection, own: Own, *, now: datetime) -> None:
    """List it no more; nothing goes there from this instant on."""
    tx.execute(_REMOVE, {"channel": own.channel.value, "address": own.address, "now": now})


def every(tx: Connection) -> list[Own]:
    """All that are listed."""
    return [Own(Channel(r.channel), r.address, r.label, r.added_by) for r in tx.execute(_OWN)]


def take_turn(tx: Connection, brand: BrandRef) -> None:
    """Have others of the brand wait who would count, so that two do not both find room."""
    tx.execute(_TURN, {"brand": str(brand.id)})


def sent(tx: Connection, *, by: str, now: datetime) -> Sent:
    """How many proofs were begun lately."""
    row = tx.execute(_SENT, {"by": by, "hour": now - HOUR, "day": now - DAY}).one()
    return Sent(row.of_user, row.of_brand)


def begin(
    tx: Connection, brand: BrandRef, own: Own, proofs: Sequence[Begun], *, by: str, now: datetime
) -> None:
    """Write these proofs down, before their calls."""
    same = {"brand": brand.id, "channel": own.channel.value, "address": own.address}
    rows = [
        {**same, "id": one.id, "template": one.template, "locale": one.locale, "by": by, "now": now}
        for one in proofs
    ]
    tx.execute(_BEGIN, rows)


def end(tx: Connection, ended: Sequence[Ended], *, now: datetime) -> None:
    """Write down what the provider said."""
    rows = [
        {
            "id": one.id, "outcome": one.outcome, "detail": storable(one.detail), "now": now,
            "provider_id": storable(one.provider_id) if one.provider_id else None,
        }
        for one in ended
    ]  # fmt: skip
    tx.execute(_END, rows)


def newest(tx: Connection, *, limit: int = 20) -> list[Mapping[str, object]]:
    """The last proofs, the newest first."""
    return [row._asdict() for row in tx.execute(_NEWEST, {"limit": limit})]
