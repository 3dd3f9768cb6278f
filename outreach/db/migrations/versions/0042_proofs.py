"""Tests of texts: the addresses of our own people, and what was sent there."""

from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Two tables of their own, so that nothing counts a test as care."""
    op.execute("""
        create table outreach.own_addresses (
            brand_id integer not null references outreach.brands (id),
            channel text not null check (channel in ('email', 'sms')),
            address text not null,
            label text not null,
            added_by text not null,
            added_at timestamptz not null,
            removed_at timestamptz,
            primary key (brand_id, channel, address)
        )
    """)
    op.execute("""
        create table outreach.proofs (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            purpose text not null default 'test' check (purpose = 'test'),
            "by" text not null,
            channel text not null,
            address text not null,
            template text not null,
            locale text not null,
            started_at timestamptz not null,
            ended_at timestamptz,
            outcome text check (outcome in ('accepted', 'refused', 'uncertain')),
            provider_id text,
            detail text not null default '',
            primary key (brand_id, id)
        )
    """)
    op.execute("create index proofs_by_start on outreach.proofs (brand_id, started_at)")
