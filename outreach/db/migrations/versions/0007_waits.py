"""Passages that wait for an event or an instant before it is planned what comes next."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """One narrow row a wait, kept when it is over."""
    op.execute("""
        create table outreach.waits (
            brand_id integer not null references outreach.brands (id),
            enrolment_id uuid not null,
            step text not null,
            campaign_id uuid not null,
            person_id uuid not null,
            event_type text not null,
            began_at timestamptz not null,
            due_at timestamptz not null,
            ended_at timestamptz,
            ended_by uuid,
            primary key (brand_id, enrolment_id, step)
        )
    """)
    by = {"due": "due_at", "by_person": "person_id", "by_campaign": "campaign_id"}
    for name, column in by.items():
        op.execute(
            f"create index waits_{name} on outreach.waits (brand_id, {column}) "
            "where ended_at is null"
        )
