"""Which records are there of a person, or of an order?

Rows as they stand, one statement a kind, without what only the projection needs.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

Rows = tuple[dict[str, object], ...]

_MOST = 200
_HIDDEN = frozenset({"brand_id", "person_id", "as_of", "projected_at"})


def _query(table: str, where: str, order: str) -> TextClause:
    return text(f"select t.* from outreach.{table} t where {where} order by {order} limit {_MOST}")


_LINES_OF_PERSON = """exists (
    select from outreach.orders o
    where o.brand_id = t.brand_id and o.key = t.order_key and o.person_id = :person)"""
_OF_PERSON: Mapping[str, TextClause] = {
    "orders": _query("orders", "t.person_id = :person", "placed_at nulls last, key"),
    "order_lines": _query("order_lines", _LINES_OF_PERSON, "order_key, line"),
    "parcels": _query("parcels", "t.person_id = :person", "shipped_at nulls last, key"),
    "registrations": _query("registrations", "t.person_id = :person", "registered_at, product_key"),
    "contracts": _query("contracts", "t.person_id = :person", "started_on nulls last, key"),
    "cases": _query("cases", "t.person_id = :person", "opened_at nulls last, key"),
    "deaths": _query("deaths", "t.person_id = :person", "reported_at"),
    "inquiries": _query("inquiries", "t.person_id = :person", "made_at"),
}
_OF_ORDER: Mapping[str, TextClause] = {
    "orders": _query("orders", "t.key = :order", "key"),
    "order_lines": _query("order_lines", "t.order_key = :order", "line"),
    "parcels": _query("parcels", "t.order_key = :order", "shipped_at nulls last, key"),
    "cases": _query(
        "cases",
        "t.order_key = :order and t.person_id = "
        "(select person_id from outreach.orders where key = :order)",
        "opened_at nulls last, key",
    ),
}


def of_person(tx: Connection, person: UUID) -> dict[str, Rows]:
    """The records of this person by kind, oldest first; at most 200 of each."""
    return _found(tx, _OF_PERSON, {"person": person})


def of_order(tx: Connection, order: str) -> dict[str, Rows]:
    """The order of this number with its lines, parcels and cases; nothing where it is not known."""
    return _found(tx, _OF_ORDER, {"order": order})


def _found(
    tx: Connection, queries: Mapping[str, TextClause], named: Mapping[str, object]
) -> dict[str, Rows]:
    found = {
        kind: tuple(_shown(row._asdict()) for row in tx.execute(q, named))
        for kind, q in queries.items()
    }
    return {kind: rows for kind, rows in found.items() if rows}


def _shown(row: Mapping[str, object]) -> dict[str, object]:
    return {name: row[name] for name in row if name not in _HIDDEN and row[name] is not None}
