"""Surveys are documents with versions, and what was answered is counted over all persons."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """The documents, and an index of the answers."""
    op.execute("""
        create table outreach.surveys (
            brand_id integer not null references outreach.brands (id),
            id uuid not null,
            key text not null,
            version integer not null,
            document text not null,
            created_at timestamptz not null default now(),
            primary key (brand_id, id)
        )
    """)
    op.execute("""
        create unique index surveys_by_version on outreach.surveys (brand_id, key, version)
    """)
    op.execute("""
        create index events_answers on outreach.events (brand_id, occurred_at)
        where type = 'survey.answered'
    """)
