"""What is in the air is found by its address, of which there are few attempts: one index less."""

from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    """It was written at each attempt, for the few withdrawals that ask."""
    op.execute("drop index outreach.attempts_in_air")
