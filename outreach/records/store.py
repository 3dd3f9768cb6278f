"""How are records written, so that neither order nor repetition matters?

One statement a kind and batch. A field is replaced only by what happened later, and the row's lock
orders two transactions that speak of one record. A row that one event told is stamped once (`ALL`),
for every field that has a value; told of again, it has a stamp for each.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, TextClause, text

from outreach.db.engine import BrandRef
from outreach.records.fold import ALL, Row
from outreach.records.kinds import KINDS, ORDERS, PARCELS, Kind

_NUMBERS = frozenset({"integer", "bigint"})
_STAMP = """coalesce({row}.as_of ->> '{name}',
    case when {row}.{name} is not null then {row}.as_of ->> '{all}' end)"""
# The same event says it again, perhaps in better words, when records are rebuilt: hence ">=".
_FIELD = """{name} = case when {told} >= coalesce({known}, '') collate "C"
            then excluded.{name} else known.{name} end"""
_MERGE = """
    with merged as (
        insert into outreach.{table} as known
            (brand_id, {columns}, as_of, projected_at)
        select :brand, {columns}, cast(as_of as jsonb), :now
        from unnest({arrays}, cast(:as_of as text[])) as given({columns}, as_of)
        on conflict (brand_id, {key}) do update set
            {fields},
            as_of = {as_of},
            projected_at = greatest(known.projected_at, excluded.projected_at)
        returning {returned}
    ) {answer}
"""
# Whether an order of which nothing is said but its name is complete is not asked.
_RETURNED = {
    PARCELS.table: (
        "order_key",
        """select distinct order_key as key from merged
        where order_key is not null and not order_key = any(:named)""",
    ),
    ORDERS.table: (
        """key, coalesce(state, cast(parcels_expected as text), cast(confirmed_at as text),
            cast(completed_at as text)) is not null as told""",
        "select key from merged where told",
    ),
}
_NOTHING = ("1", "select null as key where false")


@dataclass(frozen=True, slots=True)
class Merged:
    """The keys of all orders that are concerned, and of those that may be complete."""

    orders: tuple[str, ...]
    told: tuple[str, ...]


def since(kind: Kind, row: str) -> str:
    """As SQL, since which event each field of this row stands, in full; the later of two rows."""
    rows = row.split()
    stamps = (
        f"'{name}', greatest({', '.join(_stamp(name, one) for one in rows)})"
        for name in kind.fields
    )
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(stamps)}))"


def _stamp(name: str, row: str) -> str:
    return f'({_STAMP.format(row=row, name=name, all=ALL)}) collate "C"'


def _merge(kind: Kind) -> TextClause:
    columns = {**kind.key, **kind.fields}
    returned, answer = _RETURNED.get(kind.table, _NOTHING)
    return text(
        _MERGE.format(
            table=kind.table,
            columns=", ".join(columns),
            arrays=", ".join(f"cast(:{name} as {type_}[])" for name, type_ in columns.items()),
            key=", ".join(kind.key),
            fields=",\n            ".join(_field(name) for name in kind.fields),
            as_of=since(kind, "known excluded"),
            returned=returned,
            answer=answer,
        )
    )


def _field(name: str) -> str:
    return _FIELD.format(name=name, told=_stamp(name, "excluded"), known=_stamp(name, "known"))


_MERGES = {kind.table: _merge(kind) for kind in KINDS}


def merge(
    tx: Connection, brand: BrandRef, rows: Mapping[str, Sequence[Row]], *, now: datetime
) -> Merged:
    """Write what is known of these records.

    A parcel's order is locked with it, though the event may not have named it: whether that order
    is complete is asked afterwards, and of two parcels of one order the second must see the first.
    """
    named = {row.key[0] for row in rows.get(ORDERS.table, ())}
    told: list[str] = []
    for kind in KINDS:
        given = rows.get(kind.table, ())
        if kind is ORDERS:
            given = _with(given, named)
        if not given:
            continue
        values = _values(brand, kind, given, now)
        if kind is PARCELS:
            values["named"] = sorted(named)
        answer = [row.key for row in tx.execute(_MERGES[kind.table], values)]
        if kind is PARCELS:
            named |= set(answer)
        elif kind is ORDERS:
            told = answer
        elif "order_key" in kind.key:
            named |= {row.key[0] for row in given}
    return Merged(tuple(sorted(named)), tuple(sorted(told)))


def _with(given: Sequence[Row], named: set[str]) -> Sequence[Row]:
    rows = {row.key[0]: row for row in given}
    if len(rows) == len(named):
        return given
    return [rows.get(key) or Row((key,), {}, {}) for key in sorted(named)]


def _values(brand: BrandRef, kind: Kind, rows: Sequence[Row], now: datetime) -> dict[str, object]:
    keys = zip(*(row.key for row in rows), strict=True)
    given: dict[str, object] = {name: list(of) for name, of in zip(kind.key, keys, strict=True)}
    for name, type_ in kind.fields.items():
        given[name] = _column([row.values.get(name) for row in rows], type_)
    return given | {"brand": brand.id, "now": now, "as_of": [_written(row.as_of) for row in rows]}


def _column(told: list[object], type_: str) -> list[object] | None:
    """One array a column; none of what none of the rows says."""
    if told.count(None) == len(told):
        return None
    return [None if one is None else str(one) for one in told] if type_ in _NUMBERS else told


def _written(as_of: Mapping[str, str]) -> str:
    """As JSON; a stamp holds nothing that would have to be escaped."""
    told = as_of.get(ALL)
    return json.dumps(as_of) if told is None else f'{{"{ALL}": "{told}"}}'
