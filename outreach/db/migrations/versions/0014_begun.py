"""Passages of a person that began, whatever became of them: asked before another begins."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """One index in the place of one."""
    op.execute("""
        create index enrolments_begun on outreach.enrolments (brand_id, person_id)
        where state <> 'declined'
    """)
    op.execute("drop index outreach.enrolments_active")
