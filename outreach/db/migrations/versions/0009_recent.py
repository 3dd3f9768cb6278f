"""The calls of the last minutes are found without reading all others."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Attempts come in the order of time, so an index of block ranges is small and enough."""
    op.execute("create index attempts_recent on outreach.attempts using brin (started_at)")
