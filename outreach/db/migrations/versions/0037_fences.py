"""Room for more claims of one touch than a small number holds."""

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """A touch that is put off every second would come to the end of 32,767 within a day."""
    for table in ("touches", "attempts", "contacts"):
        op.execute(f"alter table outreach.{table} alter column fence type integer")
