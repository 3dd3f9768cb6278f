"""Keys of a brand's own, under which its personal data lie sealed, and domains in the clear."""

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """A brand that is there already gets its first key when it is first asked for."""
    op.execute("""
        create table outreach.data_keys (
            brand_id integer not null references outreach.brands (id),
            number smallint not null,
            wrapped text not null,
            made_at timestamptz not null default now(),
            primary key (brand_id, number))
    """)
    op.execute("alter table outreach.addresses add column domain text")
    op.execute("""
        update outreach.addresses set domain = lower(split_part(value, '@', 2))
        where kind = 'email'
    """)
