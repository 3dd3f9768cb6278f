"""Of which brand records are, row-level security alone checks: an event writes two of them."""

from alembic import op

revision = "0057"
down_revision = "0056"

_MANY = (
    "orders", "order_lines", "parcels", "products", "registrations", "contracts", "cases",
    "deaths", "inquiries",
)  # fmt: skip


def upgrade() -> None:
    """Drop the foreign key to the brand of each."""
    for table in _MANY:
        op.execute(f"alter table outreach.{table} drop constraint {table}_brand_id_fkey")
