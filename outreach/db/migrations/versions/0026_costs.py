"""What each message cost, and how many parts its provider counted."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """A row for a touch; no foreign key, as with all that comes by the million."""
    op.execute("""
        create table outreach.costs (
            brand_id integer not null,
            touch_id uuid not null,
            parts smallint,
            minor numeric(18, 6),
            currency text,
            at timestamptz not null,
            primary key (brand_id, touch_id)
        )
    """)
