"""News of an order is found beside a campaign, however many of that are due."""

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """Small: of each touch that carries out an order, as long as it waits."""
    op.execute("""
        create index touches_urgent on outreach.touches (brand_id, channel, due_at)
        where state = 'planned' and purpose = 'transactional'
    """)
