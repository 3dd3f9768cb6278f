"""Of which brand persons and their addresses are, row-level security alone checks: they are many."""

from alembic import op

revision = "0053"
down_revision = "0052"

_MANY = ("persons", "addresses")


def upgrade() -> None:
    """Drop one foreign key of each; an address still needs its person."""
    for table in _MANY:
        op.execute(f"alter table outreach.{table} drop constraint {table}_brand_id_fkey")
