"""Campaigns are reviewed, finish when another takes their place, and are released by degrees."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Two states more, and how often a ramp was let go on."""
    op.execute(
        "alter type outreach.campaign_state add value if not exists 'in_review' after 'draft'"
    )
    op.execute(
        "alter type outreach.campaign_state add value if not exists 'finishing' after 'paused'"
    )
    op.execute("alter table outreach.campaigns add column releases smallint not null default 0")
