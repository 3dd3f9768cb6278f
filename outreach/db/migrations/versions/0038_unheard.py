"""What providers said of addresses, until it was taken in."""

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Few rows, none of them old: each is deleted once it was heard."""
    op.execute("""
        create table outreach.unheard (
            brand_id integer not null references outreach.brands (id),
            touch_id uuid not null,
            kind text not null,
            why text not null,
            said text not null,
            look_at timestamptz not null,
            primary key (brand_id, touch_id, kind)
        )
    """)
