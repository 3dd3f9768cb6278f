"""Who wrote a version of a campaign, and for what exactly somebody gave their word."""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Of what was there nobody knows it: its versions have no author, its approvals no cover."""
    op.execute("alter table outreach.campaigns add column author text")
    op.execute("alter table outreach.approvals add column covers text not null default ''")
