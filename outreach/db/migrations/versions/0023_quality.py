"""Leads look at samples of calls, and say on scorecards how good they were."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Scorecards as documents, and a score for each call that was looked at."""
    op.execute("""
        create table outreach.scorecards (
            brand_id integer not null references outreach.brands (id),
            key text not null,
            document text not null,
            put_at timestamptz not null,
            primary key (brand_id, key)
        )
    """)
    op.execute("""
        create table outreach.scores (
            brand_id integer not null references outreach.brands (id),
            scorecard text not null,
            task_id uuid not null,
            number smallint not null,
            lead text not null,
            at timestamptz not null,
            points jsonb not null,
            share double precision not null,
            note text not null,
            primary key (brand_id, scorecard, task_id, number)
        )
    """)
