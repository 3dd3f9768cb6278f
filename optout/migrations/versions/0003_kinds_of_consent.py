"""What a consent was like, and to which wording it was given."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = """
alter table optout.entries
    add column kinds text[],
    add column wording text,
    add constraint entries_kinds_of_grants
        check ((kinds is null and wording is null) or action = 'grant');
"""


def upgrade() -> None:
    """Raises nothing of its own."""
    op.execute(KINDS)
