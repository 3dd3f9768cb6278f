"""Messages that a person at a provider has yet to send."""

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Few rows: each is deleted once it is known how its message fared."""
    op.execute("""
        create table outreach.entrusted (
            brand_id integer not null references outreach.brands (id),
            touch_id uuid not null,
            provider text not null,
            provider_id text not null,
            given_at timestamptz not null,
            look_at timestamptz not null,
            primary key (brand_id, touch_id)
        )
    """)
