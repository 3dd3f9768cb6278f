"""Persons have days of their own, on which campaigns come round."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """One table; what is told from now on fills it."""
    op.execute("""
        create table outreach.dates (
            brand_id integer not null references outreach.brands (id),
            person_id uuid not null,
            name text not null,
            key text not null,
            falls_on date,
            month_day smallint,
            about jsonb not null,
            told_at timestamptz not null,
            state text not null check (state in ('changed', 'waiting', 'settled')),
            primary key (brand_id, person_id, name, key)
        )
    """)
    op.execute("create index dates_by_day on outreach.dates (brand_id, name, falls_on)")
    op.execute("create index dates_by_month_day on outreach.dates (brand_id, name, month_day)")
    op.execute("create index dates_changed on outreach.dates (brand_id) where state = 'changed'")
