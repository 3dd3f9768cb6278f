"""Coordinates of an address are kept as the zone they lie in."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """One column more for persons."""
    op.execute("alter table outreach.persons add column point_zone text")
