"""What do events say of orders, parcels, contracts and cases?"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.schema import SchemaItem

from outreach.db.schema.columns import instant, table


def _record(name: str, *items: SchemaItem, key: tuple[str, ...] = ("key",)) -> Table:
    """A business object that events speak of: each field stands as of the event that said it last.

    `as_of` holds, field by field or for all that have a value (`*`), when that event happened, and
    orders what comes late.
    """
    as_of = Column("as_of", JSONB, nullable=False, server_default=text("'{}'"))
    at = instant("projected_at", default="now()")
    return table(name, *items, as_of, at, key=key, many=True)


orders = _record(
    "orders",
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("number", Text),
    Column("state", Text),
    instant("placed_at", nullable=True),
    instant("paid_at", nullable=True),
    instant("cancelled_at", nullable=True),
    instant("refunded_at", nullable=True),
    instant("confirmed_at", nullable=True),
    instant("completed_at", nullable=True),
    Column("currency", Text),
    Column("total_minor", BigInteger),
    Column("refunded_minor", BigInteger),
    Column("parcels_expected", Integer),
    Index("orders_by_person", "brand_id", "person_id"),
)

order_lines = _record(
    "order_lines",
    Column("order_key", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("product_key", Text),
    Column("parcel_key", Text),
    Column("state", Text),
    Column("quantity", Integer),
    Column("currency", Text),
    Column("amount_minor", BigInteger),
    key=("order_key", "line"),
)

parcels = _record(
    "parcels",
    Column("key", Text, nullable=False),
    Column("order_key", Text),
    Column("person_id", Uuid),
    Column("carrier", Text),
    Column("state", Text),
    Column("quality", Text),
    instant("shipped_at", nullable=True),
    instant("delivered_at", nullable=True),
    instant("returned_at", nullable=True),
    Index("parcels_by_order", "brand_id", "order_key"),
    Index("parcels_by_person", "brand_id", "person_id"),
)

products = _record(
    "products",
    Column("key", Text, nullable=False),
    Column("name", Text),
    Column("category", Text),
    Column("version", Text),
)

registrations = _record(
    "registrations",
    Column("product_key", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("person_id", Uuid),
    instant("registered_at", nullable=True),
    Index("registrations_by_person", "brand_id", "person_id"),
    key=("product_key", "serial"),
)

contracts = _record(
    "contracts",
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("product_key", Text),
    Column("kind", Text),
    Column("state", Text),
    Column("term", Text),
    Column("started_on", Date),
    Column("ends_on", Date),
    instant("due_at", nullable=True),
    instant("renewed_at", nullable=True),
    instant("cancelled_at", nullable=True),
    instant("ended_at", nullable=True),
    Index("contracts_by_person", "brand_id", "person_id"),
)

cases = _record(
    "cases",
    Column("person_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text),
    Column("state", Text),
    Column("severity", Text),
    Column("order_key", Text),
    instant("opened_at", nullable=True),
    instant("waiting_at", nullable=True),
    instant("closed_at", nullable=True),
    instant("reopened_at", nullable=True),
    key=("person_id", "key"),
)

deaths = _record(
    "deaths",
    Column("person_id", Uuid, nullable=False),
    Column("state", Text),
    instant("reported_at", nullable=True),
    key=("person_id",),
)

# The last one of each person; some laws count a relationship from it.
inquiries = _record(
    "inquiries",
    Column("person_id", Uuid, nullable=False),
    instant("made_at", nullable=True),
    Column("product_key", Text),
    key=("person_id",),
)

record_rebuilds = table(
    "record_rebuilds",
    instant("started_at"),
    Column("after", Uuid),
    Column("events", BigInteger, nullable=False, server_default=text("0")),
    key=(),
)
