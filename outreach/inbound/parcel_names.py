"""Which parcel does a platform mean by a name of its own?

A shop tells a delivery by its own number of the fulfilment, a carrier by the tracking number. What
the shop told of both when it shipped makes them one parcel, so that one signature is one fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from outreach.db.engine import BrandRef
from outreach.events.sources.protocol import RawEvent

_PUT = text("""
    insert into outreach.parcel_names (brand_id, name, parcel_key)
    select :brand, name, parcel from unnest(cast(:names as text[]), cast(:parcels as text[]))
        as given(name, parcel)
    order by name
    on conflict (brand_id, name) do update set parcel_key = excluded.parcel_key
""")
_FIND = text("select name, parcel_key from outreach.parcel_names where name = any(:names)")


def learn(tx: Connection, brand: BrandRef, raws: Sequence[RawEvent]) -> None:
    """Keep what these events tell of names and numbers."""
    told = {name: parcel for raw in raws for name, parcel in raw.parcel_names.items()}
    if told:
        values = {"brand": brand.id, "names": list(told), "parcels": list(told.values())}
        tx.execute(_PUT, values)


def find(tx: Connection, raws: Sequence[RawEvent]) -> Mapping[str, str]:
    """The numbers of the parcels that these events know by a name only."""
    asked = [raw.parcel_name for raw in raws if raw.parcel_name]
    if not asked:
        return {}
    return {row.name: row.parcel_key for row in tx.execute(_FIND, {"names": asked})}


def named(raw: RawEvent, numbers: Mapping[str, str]) -> RawEvent:
    """The same event about the parcel by its number, where that is known."""
    number = numbers.get(raw.parcel_name or "")
    return raw if number is None else replace(raw, data={**raw.data, "parcel": number})
