"""The last inquiry of each person, from which some laws count a relationship."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """A record like the others: each field stands as of the event that said it last."""
    op.execute("""
        create table outreach.inquiries (
            brand_id integer not null references outreach.brands (id),
            person_id uuid not null,
            made_at timestamptz,
            product_key text,
            as_of jsonb not null default '{}',
            projected_at timestamptz not null default now(),
            primary key (brand_id, person_id)
        )
    """)
