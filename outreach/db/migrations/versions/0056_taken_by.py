"""Which provider took an attempt over."""

from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Nobody knows of those that were made before."""
    op.execute("alter table outreach.attempts add column taken_by text")
