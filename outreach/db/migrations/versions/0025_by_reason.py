"""What was not sent, and passages that did not begin, are found by reason and by person."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Touches without a reason, and passages that began, are not in these indexes."""
    op.execute("""
        create index touches_by_reason
            on outreach.touches (brand_id, reason, settled_at, id) where reason is not null
    """)
    op.execute("""
        create index enrolments_declined
            on outreach.enrolments (brand_id, person_id) where state = 'declined'
    """)
