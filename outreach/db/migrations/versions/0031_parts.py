"""Attempts say as how many messages a provider counts them."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """What was sent before counts as one."""
    op.execute("alter table outreach.attempts add column parts smallint not null default 1")
