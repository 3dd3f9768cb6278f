"""Where is consent kept?

Four tables: what was said, the gates that marks and changes pass, and do-not-contact lists with
whom they list.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
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
    Column("product", Text),
    Column("block", Text),
    Column("kinds", ARRAY(Text)),
    Column("wording", Text),
    CheckConstraint("brand <> ''", name="entries_brand_named"),
    CheckConstraint(
        "block is null or action in ('block', 'lift')", name="entries_block_has_a_cause"
    ),
    CheckConstraint(
        "(kinds is null and wording is null) or action = 'grant'", name="entries_kinds_of_grants"
    ),
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

# One row for each state of a list; the newest whole one of a name is current, and every wash is.
editions = Table(
    "editions",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("brand", Text),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("expires_on", Date),
    Column("channels", ARRAY(Text), nullable=False),
    Column("binding", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("brand <> ''", name="editions_brand_named"),
    CheckConstraint("kind in ('whole', 'wash')", name="editions_kind_known"),
)

# No foreign key: checking one for each of ten million lines would cost more than it could find.
listings = Table(
    "listings",
    metadata,
    Column("hash", LargeBinary, nullable=False),
    Column("edition", BigInteger, nullable=False),
    Column("brand", Text),
    Column("listed", Boolean, nullable=False),
    PrimaryKeyConstraint("hash", "edition"),
)
