"""Where is consent kept? Two tables: what was said, and the gates that marks and changes pass."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    text,
)

SCHEMA = "optout"
AGENCY = ""  # a gate's brand when it is the agency's; a primary key admits no null

metadata = MetaData(schema=SCHEMA)

entries = Table(
    "entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("brand", Text),
    Column("hash", LargeBinary, nullable=False),
    Column("channel", Text),
    Column("purpose", Text),
    Column("action", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("effective_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("brand <> ''", name="entries_brand_named"),
    CheckConstraint(
        "action in ('grant', 'withdraw', 'block', 'lift')", name="entries_action_known"
    ),
    Index("entries_hash", "hash"),
)

gates = Table(
    "gates",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("epoch", BigInteger, nullable=False, server_default=text("0")),
)
