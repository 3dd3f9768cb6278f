"""Which of our own people were told of a brand in the morning."""

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Nobody was told yet."""
    op.execute("""
        create table outreach.mornings (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            day text not null,
            told text not null,
            begun_at timestamptz not null,
            outcome text,
            detail text,
            primary key (brand_id, id)
        )
    """)
