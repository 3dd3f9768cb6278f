"""Of which order is an event that names only a parcel?

Carriers know no orders. What the records know of the parcel is added, for those who ask which facts
belong to one order; the event itself stays as it came.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from outreach.events.model import Event
from outreach.records import values

_ORDERS = text("""
    select key, order_key from outreach.parcels
    where key = any(:parcels) and order_key is not null
""")


def with_orders(tx: Connection, events: Sequence[Event]) -> list[Event]:
    """The same events in the same order; one statement, and none where none lacks its order."""
    lacking = {parcel for event in events if (parcel := _lone_parcel(event))}
    if not lacking:
        return list(events)
    rows = tx.execute(_ORDERS, {"parcels": sorted(lacking)})
    orders = {row.key: row.order_key for row in rows}
    return [_with_order(event, orders.get(_lone_parcel(event) or "")) for event in events]


def _lone_parcel(event: Event) -> str | None:
    if event.data.get("order") is not None:
        return None
    return values.text(event.data, "parcel")


def _with_order(event: Event, order: str | None) -> Event:
    return event if order is None else event._replace(data={**event.data, "order": order})
