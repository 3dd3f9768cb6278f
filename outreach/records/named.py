"""What is on record of the order, parcel, product, contract or case that an event names?

One statement a kind for a whole set of events, and none for what nobody asks. Money comes in units
of its currency, and not at all where no currency is known.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.events import currencies
from outreach.events.model import Event
from outreach.records import trades, values

Facts = Mapping[str, object]
Named = Mapping[str, Facts]
"""By kind, `{}` for what the event does not name or of which nothing is known."""

_Key = tuple[str, ...]

_ASKED = {
    "order": text("""
        select key as "order", number, state, currency, total_minor, refunded_minor,
               parcels_expected, placed_at, paid_at, cancelled_at, refunded_at, confirmed_at,
               completed_at
        from outreach.orders where key = any(:keys)
    """),
    "parcel": text("""
        select key as parcel, order_key as "order", carrier, state, quality, shipped_at,
               delivered_at, returned_at
        from outreach.parcels where key = any(:keys)
    """),
    "product": text("""
        select key as product, name, category, version from outreach.products
        where key = any(:keys)
    """),
    "contract": text("""
        select key as contract, product_key as product, kind, state, term, started_on, ends_on,
               due_at, renewed_at, cancelled_at, ended_at
        from outreach.contracts where key = any(:keys)
    """),
    "case": text("""
        select person_id, key as "case", kind, state, severity, order_key as "order", opened_at,
               waiting_at, closed_at, reopened_at
        from outreach.cases where person_id = any(:people) and key = any(:keys)
    """),
}
_MONEY = {"total_minor": "total", "refunded_minor": "refunded"}


def gather(
    tx: Connection, kinds: Collection[str], events: Iterable[Event]
) -> dict[UUID, dict[str, Facts]]:
    """What these events name, by the event's id: every kind that is asked for.

    Of a parcel that comes without its order, the order on record is meant.
    """
    told = list({event.id: event for event in events}.values())
    found: dict[UUID, dict[str, Facts]] = {event.id: {} for event in told}
    if "order" in kinds:
        told = trades.with_orders(tx, told)
    for kind in sorted(kinds):
        known = _known(tx, kind, told)
        for event in told:
            found[event.id][kind] = known.get(_key(kind, event), {})
    return found


def _known(tx: Connection, kind: str, events: Sequence[Event]) -> dict[_Key, Facts]:
    naming = [event for event in events if values.text(event.data, kind)]
    if not naming:
        return {}
    asked = {
        "keys": sorted({_key(kind, event)[-1] for event in naming}),
        "people": list({event.person_id for event in naming}),
    }
    rows = (row._asdict() for row in tx.execute(_ASKED[kind], asked))
    return {(*_owner(row), str(row[kind])): dict(_shown(row)) for row in rows}


def _key(kind: str, event: Event) -> _Key:
    """A case is one person's: two people may each have one of the same number."""
    owner = (str(event.person_id),) if kind == "case" else ()
    return (*owner, values.text(event.data, kind) or "")


def _owner(row: Facts) -> _Key:
    return (str(row["person_id"]),) if "person_id" in row else ()


def _shown(row: Facts) -> Iterator[tuple[str, object]]:
    currency = row.get("currency")
    for name, value in row.items():
        if name not in _MONEY and name != "person_id":
            yield name, value
        elif name in _MONEY and isinstance(value, int) and isinstance(currency, str):
            yield _MONEY[name], currencies.units(value, currency)
