"""Attempts by the provider's own id, for those whose receipts echo nothing of ours."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """One index."""
    op.execute("""
        create index attempts_by_provider_id on outreach.attempts (brand_id, provider_id)
        where provider_id is not null
    """)
