"""Reports that take long to count are kept as they were counted last."""

from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Empty: the next look counts, and keeps what took long."""
    op.execute("""
        create table outreach.kept_counts (
            brand_id integer not null references outreach.brands (id),
            name text not null,
            counted_at timestamptz not null,
            again_at timestamptz not null,
            seen_at timestamptz not null,
            told jsonb not null,
            primary key (brand_id, name)
        )
    """)
