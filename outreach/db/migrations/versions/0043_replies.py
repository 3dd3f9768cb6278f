"""What people wrote back, and how well it was dealt with."""

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """What was written before was not kept."""
    op.execute("""
        create table outreach.replies (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            person_id uuid not null,
            channel text not null,
            at timestamptz not null,
            intent text not null,
            rule text not null,
            text text not null,
            primary key (brand_id, id, person_id)
        )
    """)
    op.execute("""
        create index replies_by_person on outreach.replies (brand_id, person_id, channel, at)
    """)
    op.execute("create index replies_by_instant on outreach.replies (brand_id, at)")
    op.execute("""
        create table outreach.reply_scores (
            brand_id integer not null references outreach.brands (id),
            scorecard text not null,
            reply_id uuid not null,
            lead text not null,
            at timestamptz not null,
            points jsonb not null,
            share double precision not null,
            note text not null,
            primary key (brand_id, scorecard, reply_id)
        )
    """)
