"""What is taken out of the brand, what may not be let go of, and what was?"""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import instant, table

exports = table(
    "exports",
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wanted", JSONB, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    instant("asked_at"),
    instant("ends_at"),
    # Nobody else had to be asked.
    Column("alone", Boolean, nullable=False, server_default=text("false")),
    Column("approved", Boolean),
    Column("decided_by", Text),
    instant("decided_at", nullable=True),
    Column("taken", Integer, nullable=False, server_default=text("0")),
    # Nobody approves what they asked for, whichever door they come by.
    CheckConstraint('decided_by is null or decided_by <> "by"', name="exports_four_eyes"),
    Index("exports_by_asker", "brand_id", "by", "asked_at"),
    Index("exports_by_age", "brand_id", "asked_at"),
)  # fmt: skip

# Which rows were asked for: persons or touches, by the kind of the export.
export_rows = table(
    "export_rows",
    Column("export_id", Uuid, nullable=False),
    Column("row_id", Uuid, nullable=False),
    key=("export_id", "row_id"),
    many=True,
)

# Whose data may not be let go of for now; without a person, the whole brand's.
legal_holds = table(
    "legal_holds",
    Column("id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("by", Text, nullable=False),
    instant("placed_at"),
    instant("ends_at", nullable=True),
    instant("lifted_at", nullable=True),
    Column("lifted_by", Text),
)

# Who is to be forgotten once nothing holds them, and who was.
pending_erasures = table(
    "pending_erasures",
    Column("person_id", Uuid, nullable=False),
    Column("evidence", Text, nullable=False),
    instant("asked_at"),
    instant("done_at", nullable=True),
    Index("erasures_pending", "brand_id", "asked_at", postgresql_where=text("done_at is null")),
    key=("person_id",),
)

# The report of each day: before when of each kind nothing is kept, and how many rows went.
sweeps = table(
    "sweeps",
    Column("day", Date, nullable=False),
    instant("began_at"),
    instant("done_at", nullable=True),
    Column("befores", JSONB, nullable=False),
    Column("gone", JSONB, nullable=False),
    Column("held", Integer, nullable=False),
    Column("reached", JSONB, nullable=False, server_default=text("'{}'")),
    key=("day",),
)
