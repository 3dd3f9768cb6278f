"""What waits to be planned, in the order in which it is taken."""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Few rows: what is planned leaves the index."""
    op.execute("drop index outreach.events_pending")
    op.execute("""
        create index events_pending on outreach.events (brand_id, received_at, id)
        where state = 'pending'
    """)
