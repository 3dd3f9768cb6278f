"""Legal holds, erasures that wait for their end, and what each day's sweep let go of."""

from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Nothing is held, and the next sweep looks at everything once."""
    op.execute("""
        create table outreach.legal_holds (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            person_id uuid,
            reason text not null,
            source text not null,
            "by" text not null,
            placed_at timestamptz not null,
            ends_at timestamptz,
            lifted_at timestamptz,
            lifted_by text,
            primary key (brand_id, id)
        )
    """)
    op.execute("""
        create table outreach.pending_erasures (
            brand_id integer not null references outreach.brands (id),
            person_id uuid not null,
            evidence text not null,
            asked_at timestamptz not null,
            done_at timestamptz,
            primary key (brand_id, person_id)
        )
    """)
    op.execute("""
        create index erasures_pending on outreach.pending_erasures (brand_id, asked_at)
        where done_at is null
    """)
    op.execute("""
        create table outreach.sweeps (
            brand_id integer not null references outreach.brands (id),
            day date not null,
            began_at timestamptz not null,
            done_at timestamptz,
            befores jsonb not null,
            gone jsonb not null,
            held integer not null,
            primary key (brand_id, day)
        )
    """)
    # The day's part of all events, found without a tree that every event would have to enter.
    op.execute("create index events_by_age on outreach.events using brin (received_at)")
