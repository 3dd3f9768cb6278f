"""Which of these orders have become complete, and who is to be told?

`order.complete` enters by the front door under the order's own business key: a campaign begins
once, whatever becomes known of the order later.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from outreach.db.engine import BrandRef
from outreach.events import store as events
from outreach.events.model import OURSELVES, Event, event_id
from outreach.records.complete import Line, Order, Parcel, completed_at

TYPE = "order.complete"

# Read after their rows were locked by the writing of this batch, and so with whatever another
# transaction has said of them meanwhile.
_GATHER = text("""
    select o.key, o.person_id, o.state, o.parcels_expected, o.confirmed_at, o.completed_at,
           p.keys, p.delivered, p.returned, l.parcels, l.states
    from outreach.orders o
    cross join lateral (
        select array_agg(key order by key) as keys,
               array_agg(delivered_at order by key) as delivered,
               array_agg(returned_at order by key) as returned
        from outreach.parcels p where p.brand_id = o.brand_id and p.order_key = o.key) p
    cross join lateral (
        select array_agg(parcel_key order by line) as parcels,
               array_agg(state order by line) as states
        from outreach.order_lines l where l.brand_id = o.brand_id and l.order_key = o.key) l
    where o.key = any(:keys)
      and (p.keys is not null or o.confirmed_at is not null or o.completed_at is not null)
    order by o.key
""")
_SET = text("""
    update outreach.orders o set completed_at = given.at
    from (select unnest(cast(:keys as text[])) as key,
                 unnest(cast(:instants as timestamptz[])) as at) given
    where o.key = given.key
""")


def settle(tx: Connection, orders: Sequence[str]) -> list[Order]:
    """Write since when each of these orders is complete, if it is; answers the complete ones."""
    if not orders:
        return []
    gathered = [_order(row) for row in tx.execute(_GATHER, {"keys": list(orders)})]
    judged = [(order, completed_at(order)) for order in gathered]
    if changed := [(order.key, at) for order, at in judged if at != order.completed_at]:
        keys, instants = zip(*changed, strict=True)
        tx.execute(_SET, {"keys": list(keys), "instants": list(instants)})
    return [replace(order, completed_at=at) for order, at in judged if at is not None]


def told(tx: Connection, brand: BrandRef, complete: Sequence[Order]) -> list[Event]:
    """The events that say so, of the orders whose person is known."""
    owned = [order for order in complete if order.person_id is not None]
    subjects = events.subjects_of(tx, [order.person_id for order in owned if order.person_id])
    return [
        _event(brand, order, order.person_id, subjects[order.person_id], order.completed_at)
        for order in owned
        if order.person_id in subjects and order.completed_at is not None
    ]


def _order(row: Row[tuple[object, ...]]) -> Order:
    parcels = zip(row.keys or (), row.delivered or (), row.returned or (), strict=True)
    lines = zip(row.parcels or (), row.states or (), strict=True)
    return Order(
        row.key, row.person_id, row.state, row.parcels_expected, row.confirmed_at, row.completed_at,
        tuple(Parcel(*parcel) for parcel in parcels), tuple(Line(*line) for line in lines),
    )  # fmt: skip


def _event(brand: BrandRef, order: Order, person: UUID, subject: str, at: datetime) -> Event:
    key = f"{TYPE}:{order.key}"
    return Event(
        id=event_id(brand, key), type=TYPE, key=key, subject=subject, person_id=person,
        occurred_at=at, source=OURSELVES, data={"order": order.key, "parcels": len(order.parcels)},
    )  # fmt: skip
