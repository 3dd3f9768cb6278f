"""Sources push messages, which are kept as they came until somebody takes them in."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Sources with their secrets, an inbox, and what platforms call parcels."""
    op.execute("""
        create table outreach.sources (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            key text not null,
            kind text not null,
            secrets text[] not null,
            zone text not null,
            test boolean not null,
            token_hash bytea not null,
            mapping jsonb not null default '{}',
            set_aside bigint not null default 0,
            refused bigint not null default 0,
            last_refused_at timestamptz,
            last_refusal text,
            created_at timestamptz not null default now(),
            retired_at timestamptz,
            primary key (brand_id, id)
        )
    """)
    op.execute("""
        create unique index sources_by_key on outreach.sources (brand_id, key)
        where retired_at is null
    """)
    op.execute("""
        create table outreach.inbox (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            source_id uuid not null,
            state text not null,
            received_at timestamptz not null,
            look_at timestamptz not null,
            headers json not null,
            query json not null,
            body bytea not null,
            why text,
            people uuid[] not null default '{}',
            primary key (brand_id, id)
        )
    """)
    op.execute("""
        create index inbox_pending on outreach.inbox (brand_id, look_at) where state = 'pending'
    """)
    op.execute("create index inbox_by_time on outreach.inbox (brand_id, received_at)")
    op.execute("""
        create table outreach.parcel_names (
            brand_id integer not null references outreach.brands (id),
            name text not null,
            parcel_key text not null,
            primary key (brand_id, name)
        )
    """)
