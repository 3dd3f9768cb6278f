"""Tokens that providers signed, each good for one body."""

from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    """None was taken yet."""
    op.execute("""
        create table outreach.push_tokens (
            token text primary key,
            body text not null,
            at timestamptz not null
        )
    """)
    op.execute("create index push_tokens_by_instant on outreach.push_tokens (at)")
