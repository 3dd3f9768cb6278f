"""How are records written, so that neither order nor repetition matters?

One statement a kind and batch. A field is replaced only by what happened later, and the row's lock
orders two transactions that speak of one record.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, TextClause, text

from outreach.db.engine import BrandRef
from outreach.records.fold import Row
from outreach.records.kinds import KINDS, ORDERS, PARCELS, Kind

# The same event says it again, perhaps in better words, when records are rebuilt: hence ">=".
_FIELD = """{name} = case
            when excluded.as_of ->> '{name}' >= coalesce(known.as_of ->> '{name}', '') collate "C"
            then excluded.{name} else known.{name} end"""
_MERGE = """
    insert into outreach.{table} as known
        (brand_id, {columns}, as_of, projected_at)
    select :brand, {columns}, as_of, :now
    from jsonb_to_recordset(cast(:rows as jsonb)) as given({typed}, as_of jsonb)
    on conflict (brand_id, {key}) do update set
        {fields},
        as_of = known.as_of || (
            select coalesce(jsonb_object_agg(told.key, told.value), '{{}}')
            from jsonb_each_text(excluded.as_of) told
            where told.value >= coalesce(known.as_of ->> told.key, '') collate "C"),
        projected_at = greatest(known.projected_at, excluded.projected_at)
    returning {returned}
"""


def _merge(kind: Kind) -> TextClause:
    columns = {**kind.key, **kind.fields}
    return text(
        _MERGE.format(
            table=kind.table,
            columns=", ".join(columns),
            typed=", ".join(f"{name} {type_}" for name, type_ in columns.items()),
            key=", ".join(kind.key),
            fields=",\n        ".join(_FIELD.format(name=name) for name in kind.fields),
            returned="order_key" if kind is PARCELS else "1",
        )
    )


_MERGES = {kind.table: _merge(kind) for kind in KINDS}


def merge(
    tx: Connection, brand: BrandRef, rows: Mapping[str, Sequence[Row]], *, now: datetime
) -> list[str]:
    """Write what is known of these records; answers the keys of all orders that are concerned.

    A parcel's order is locked with it, though the event may not have named it: whether that order
    is complete is asked afterwards, and of two parcels of one order the second must see the first.
    """
    concerned: set[str] = set()
    for kind in KINDS:
        given = list(rows.get(kind.table, ()))
        if kind is ORDERS:
            given = _with(given, concerned)
        if not given:
            continue
        told = tx.execute(_MERGES[kind.table], _values(brand, kind, given, now))
        if kind is PARCELS:
            concerned |= {row.order_key for row in told if row.order_key is not None}
        elif "order_key" in kind.key or kind is ORDERS:
            concerned |= {row.key[0] for row in given}
    return sorted(concerned)


def _with(given: Sequence[Row], concerned: set[str]) -> list[Row]:
    rows = {row.key[0]: row for row in given}
    return [rows.get(key) or Row((key,), {}, {}) for key in sorted(concerned | rows.keys())]


def _values(brand: BrandRef, kind: Kind, rows: Sequence[Row], now: datetime) -> dict[str, object]:
    document = [
        {**dict(zip(kind.key, row.key, strict=True)), **row.values, "as_of": row.as_of}
        for row in rows
    ]
    return {"brand": brand.id, "now": now, "rows": json.dumps(document)}
