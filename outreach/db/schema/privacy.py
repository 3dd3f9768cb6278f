"""Who asked for which rows to be taken out, and who said that they may be?"""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Text, Uuid, text
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
