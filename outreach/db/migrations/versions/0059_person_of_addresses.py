"""Of whom an address is, the statement that stores both sees to alone: they are many."""

from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    """Drop the foreign key; nobody may delete a person's row."""
    op.execute("alter table outreach.addresses drop constraint addresses_brand_id_person_id_fkey")
