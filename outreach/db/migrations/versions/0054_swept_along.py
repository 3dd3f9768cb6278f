"""A sweep finds what it has yet to empty, and goes on where it was; what is emptied is not read."""

from alembic import op

revision = "0054"
down_revision = "0053"

_TELLING = {
    "tasks": (
        "closed_at",
        "closed_at is not null and (number <> '' or script <> '' or note is not null)",
    ),
    "calls": (
        "settled_at",
        "settled_at is not null and (note is not null or answers <> '{}' or said <> '{}')",
    ),
    "handovers": ("at", "note <> ''"),
    "case_notes": ("at", "note <> ''"),
    "scores": ("at", "note <> ''"),
    "reply_scores": ("at", "note <> ''"),
    "replies": ("at", "text <> ''"),
}


def upgrade() -> None:
    """Small trees of what still tells something, and how far a day's sweep has walked."""
    for table, (at, telling) in _TELLING.items():
        op.execute(
            f"create index {table}_telling on outreach.{table} (brand_id, {at}) where {telling}"
        )
    op.execute("alter table outreach.sweeps add column reached jsonb not null default '{}'")
