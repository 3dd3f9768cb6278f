"""Who asked for which change: a chain of records a brand."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """A table that is only added to."""
    op.execute("""
        create table outreach.audit (
            brand_id integer not null references outreach.brands (id),
            number bigint not null,
            at timestamptz not null,
            "by" text not null,
            role text not null,
            deed text not null,
            target text not null,
            key smallint not null,
            seal bytea not null,
            primary key (brand_id, number)
        )
    """)
