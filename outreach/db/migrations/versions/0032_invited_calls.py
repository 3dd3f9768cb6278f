"""How many calls messages ask for, by queue and minute of the hour."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """At most sixty rows a queue, each written anew an hour later."""
    op.execute("""
        create table outreach.invited_calls (
            brand_id integer not null references outreach.brands (id),
            queue text not null,
            minute smallint not null,
            at timestamptz not null,
            calls double precision not null,
            primary key (brand_id, queue, minute)
        )
    """)
