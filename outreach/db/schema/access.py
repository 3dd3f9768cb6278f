"""Who may log in, in which role at which brand, and who is logged in?

Users and their sessions belong to the agency and to no brand: only a transaction that was begun for
access (`Database.access`) sees them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from outreach.db.schema.columns import SCHEMA, instant, metadata, table

_OF_USER = f"{SCHEMA}.users.id"

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("totp", Text, nullable=False, server_default=""),
    Column("totp_step", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("disabled_at", nullable=True),
)

seats = table(
    "seats",
    Column("user_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    instant("given_at"),
    ForeignKeyConstraint(["user_id"], [_OF_USER]),
    Index("seats_by_user", "user_id"),
    key=("user_id",),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("brand_id", Integer),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    instant("began_at"),
    instant("seen_at"),
    instant("ended_at", nullable=True),
    ForeignKeyConstraint(["user_id"], [_OF_USER]),
    ForeignKeyConstraint(["brand_id"], [f"{SCHEMA}.brands.id"]),
    Index("sessions_by_user", "user_id"),
)

# Guesses at passwords, by a keyed name of what is guessed at or from where.
guesses = Table(
    "guesses",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("level", Double, nullable=False),
    instant("last_at"),
    Index("guesses_by_age", "last_at"),
)

# Only added to; `outreach.audit.chain` says what a seal covers.
audit = table(
    "audit",
    Column("number", BigInteger, nullable=False),
    instant("at"),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("deed", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("key", SmallInteger, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    key=("number",),
)
