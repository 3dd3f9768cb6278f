"""Texts that agents copy into a platform's chat are tasks beside calls."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """What was there are calls."""
    op.execute("""
        alter table outreach.tasks add column kind text not null default 'call'
            check (kind in ('call', 'copy'))
    """)
