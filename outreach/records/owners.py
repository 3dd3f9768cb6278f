"""Whose is this order, parcel or contract, and what has waited to learn it?"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.events import store as events
from outreach.events.model import Event
from outreach.records import kinds
from outreach.records.fold import Row, keys

_NAMES = {"order": kinds.ORDERS, "parcel": kinds.PARCELS, "contract": kinds.CONTRACTS}
# A parcel of which nobody has said whose it is belongs to whom its order belongs to.
_OWNERS = text("""
    select 'order:' || key as trade, person_id from outreach.orders
    where key = any(:orders) and person_id is not null
    union all
    select 'parcel:' || p.key, coalesce(p.person_id, o.person_id) from outreach.parcels p
    left join outreach.orders o on o.brand_id = p.brand_id and o.key = p.order_key
    where p.key = any(:parcels) and coalesce(p.person_id, o.person_id) is not null
    union all
    select 'contract:' || key, person_id from outreach.contracts
    where key = any(:contracts) and person_id is not null
""")
_PARCELS_OF = text("select key from outreach.parcels where order_key = any(:orders)")


def found(tx: Connection, rows: Mapping[str, list[Row]], orders: Sequence[str]) -> list[Event]:
    """Events that wait for word of these records and can now be told whose they are."""
    trades = {name: set(keys(rows, kind)) for name, kind in _NAMES.items()}
    trades["order"] |= set(orders)
    if not any(trades.values()) or not events.any_waits(tx):
        return []
    if trades["order"]:
        told = tx.execute(_PARCELS_OF, {"orders": sorted(trades["order"])})
        trades["parcel"] |= {row.key for row in told}
    waiting = events.waiting(tx, [f"{name}:{key}" for name in trades for key in trades[name]])
    if not waiting:
        return []
    wanted = {f"{name}s": sorted(trades[name]) for name in trades}
    owners = {row.trade: row.person_id for row in tx.execute(_OWNERS, wanted)}
    return events.find_person(tx, _known(waiting, owners))


def _known(waiting: Mapping[UUID, str], owners: Mapping[str, UUID]) -> dict[UUID, UUID]:
    return {event: owners[trade] for event, trade in waiting.items() if trade in owners}
