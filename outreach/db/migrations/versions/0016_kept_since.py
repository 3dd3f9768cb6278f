"""Detail is kept for so long and then let go of; the oldest is found without reading all."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Rows come in the order of time, so indexes of block ranges are small and enough."""
    op.execute("alter table outreach.brands add column kept_since timestamptz")
    op.execute("create index verdicts_by_age on outreach.verdicts using brin (at)")
    op.execute("create index receipts_by_age on outreach.receipts using brin (at)")
