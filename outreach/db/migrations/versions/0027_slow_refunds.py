"""Refunds by instant, over all persons; the order that was named when a case was joined."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Short: both are new, and events of refunds are few."""
    op.execute("alter table outreach.case_work add column order_key text")
    op.execute(
        "create index events_refunds on outreach.events (brand_id, occurred_at)"
        " where type = 'refund.progressed'"
    )
