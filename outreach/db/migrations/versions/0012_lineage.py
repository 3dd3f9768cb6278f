"""A brand's ledger knows in which database it stands."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Empty until the brand's next dispatch: wherever it is by then, it is at home."""
    op.execute("alter table outreach.brands add column lineage text not null default ''")
