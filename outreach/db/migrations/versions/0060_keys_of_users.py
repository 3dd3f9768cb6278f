"""For which user an API key was issued."""

from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    """Nobody knows of the keys that there are."""
    op.execute("alter table outreach.api_keys add column held_by text")
