"""Exports of rows of people: who asked for which, and whose word there is."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Nobody has asked for any yet."""
    op.execute("""
        create table outreach.exports (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            kind text not null,
            wanted jsonb not null,
            "rows" integer not null,
            "by" text not null,
            why text not null,
            asked_at timestamptz not null,
            ends_at timestamptz not null,
            alone boolean not null default false,
            approved boolean,
            decided_by text,
            decided_at timestamptz,
            taken integer not null default 0,
            primary key (brand_id, id),
            constraint exports_four_eyes check (decided_by is null or decided_by <> "by")
        )
    """)
    op.execute('create index exports_by_asker on outreach.exports (brand_id, "by", asked_at)')
    op.execute("create index exports_by_age on outreach.exports (brand_id, asked_at)")
    op.execute("""
        create table outreach.export_rows (
            brand_id integer not null,
            export_id uuid not null,
            row_id uuid not null,
            primary key (brand_id, export_id, row_id)
        )
    """)
