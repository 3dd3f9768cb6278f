"""Campaigns may come round on occasions, whose planning goes on where it was interrupted."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """When to look at a campaign next, and how far the planning of each occasion has come."""
    op.execute("alter table outreach.campaigns add column plan_at timestamptz")
    op.execute("""
        create table outreach.plannings (
            brand_id integer not null references outreach.brands (id),
            campaign_id uuid not null,
            occasion text not null,
            day date not null,
            opens_at timestamptz not null,
            after uuid,
            candidates bigint not null default 0,
            done_at timestamptz,
            primary key (brand_id, campaign_id, occasion)
        )
    """)
    op.execute("""
        create index plannings_open on outreach.plannings (brand_id, opens_at)
        where done_at is null
    """)
