"""Accounts at providers that a brand has of its own, and what was refused of what providers push."""

from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Nobody has one yet, and nothing was counted."""
    op.execute("""
        create table outreach.accounts (
            brand_id integer not null references outreach.brands (id),
            channel text not null,
            url text not null,
            changed_at timestamptz not null,
            primary key (brand_id, channel)
        )
    """)
    op.execute("""
        create table outreach.push_refusals (
            brand_id integer not null references outreach.brands (id),
            provider text not null,
            refused bigint not null,
            last_at timestamptz not null,
            last_refusal text not null,
            primary key (brand_id, provider)
        )
    """)
    op.execute("""
        create table outreach.shared_refusals (
            provider text primary key,
            refused bigint not null,
            last_at timestamptz not null,
            last_refusal text not null
        )
    """)
