"""Which kinds of records are there, and which fields does each hold?

Names of columns and their types in SQL. The order of `KINDS` is the order in which rows are
written: every transaction takes their locks in it, and orders come last since a parcel that is
written tells which order it belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_INSTANT = "timestamptz"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its table, what names one, and what is known of one."""

    table: str
    key: Mapping[str, str]
    fields: Mapping[str, str]


ORDERS = Kind(
    "orders",
    {"key": "text"},
    {
        "person_id": "uuid", "number": "text", "state": "text", "placed_at": _INSTANT,
        "paid_at": _INSTANT, "cancelled_at": _INSTANT, "refunded_at": _INSTANT,
        "confirmed_at": _INSTANT, "currency": "text", "total_minor": "bigint",
        "refunded_minor": "bigint", "parcels_expected": "integer",
    },
)  # fmt: skip
LINES = Kind(
    "order_lines",
    {"order_key": "text", "line": "text"},
    {
        "product_key": "text", "parcel_key": "text", "state": "text", "quantity": "integer",
        "currency": "text", "amount_minor": "bigint",
    },
)  # fmt: skip
PARCELS = Kind(
    "parcels",
    {"key": "text"},
    {
        "order_key": "text", "person_id": "uuid", "carrier": "text", "state": "text",
        "quality": "text", "shipped_at": _INSTANT, "delivered_at": _INSTANT,
        "returned_at": _INSTANT,
    },
)  # fmt: skip
PRODUCTS = Kind(
    "products", {"key": "text"}, {"name": "text", "category": "text", "version": "text"}
)
REGISTRATIONS = Kind(
    "registrations",
    {"product_key": "text", "serial": "text"},
    {"person_id": "uuid", "registered_at": _INSTANT},
)
CONTRACTS = Kind(
    "contracts",
    {"key": "text"},
    {
        "person_id": "uuid", "product_key": "text", "kind": "text", "state": "text", "term": "text",
        "started_on": "date", "ends_on": "date", "due_at": _INSTANT, "renewed_at": _INSTANT,
        "cancelled_at": _INSTANT, "ended_at": _INSTANT,
    },
)  # fmt: skip
CASES = Kind(
    "cases",
    {"person_id": "uuid", "key": "text"},
    {
        "kind": "text", "state": "text", "severity": "text", "order_key": "text",
        "opened_at": _INSTANT, "waiting_at": _INSTANT, "closed_at": _INSTANT,
        "reopened_at": _INSTANT,
    },
)  # fmt: skip
DEATHS = Kind("deaths", {"person_id": "uuid"}, {"state": "text", "reported_at": _INSTANT})
INQUIRIES = Kind("inquiries", {"person_id": "uuid"}, {"made_at": _INSTANT, "product_key": "text"})

KINDS = (LINES, PRODUCTS, REGISTRATIONS, CONTRACTS, CASES, DEATHS, INQUIRIES, PARCELS, ORDERS)
