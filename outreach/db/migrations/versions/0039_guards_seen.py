"""Which campaign is paused by a guardrail, and when a brand's guardrails were looked at last."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """What is paused now by a guardrail stays so named."""
    op.execute("alter table outreach.campaigns add column stopped_by text")
    op.execute("""
        update outreach.campaigns c set stopped_by = (
            select s.guardrail from outreach.guard_stops s
            where s.brand_id = c.brand_id and s.campaign = c.key order by s.at desc, s.id desc
            limit 1)
        where c.state = 'paused'
    """)
    op.execute("""
        create table outreach.guard_looks (
            brand_id integer primary key references outreach.brands (id),
            at timestamptz not null
        )
    """)
