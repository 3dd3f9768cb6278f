"""Calls are shown in other systems, which say how they ended, and in agents' calendars."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Mirrors, what each of them has seen, and the addresses of calendars."""
    op.execute("""
        create table outreach.mirrors (
            brand_id integer not null references outreach.brands (id),
            key text not null,
            kind text not null,
            url text not null,
            secret text not null,
            settings text not null,
            token_hash bytea not null,
            created_at timestamptz not null,
            retired_at timestamptz,
            primary key (brand_id, key)
        )
    """)
    op.execute("""
        create table outreach.mirrored (
            brand_id integer not null references outreach.brands (id),
            mirror text not null,
            task_id uuid not null,
            version text not null,
            theirs text,
            tries smallint not null default 0,
            look_at timestamptz,
            failure text,
            primary key (brand_id, mirror, task_id)
        )
    """)
    op.execute("""
        create index mirrored_by_theirs on outreach.mirrored (brand_id, mirror, theirs)
    """)
    op.execute("""
        create table outreach.feeds (
            brand_id integer not null references outreach.brands (id),
            token_hash bytea not null,
            agent text not null,
            created_at timestamptz not null,
            revoked_at timestamptz,
            primary key (brand_id, token_hash)
        )
    """)
