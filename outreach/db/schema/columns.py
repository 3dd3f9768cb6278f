"""Of what is every table made: its schema, its key, its instants and its few values?"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.sql.schema import SchemaItem

from optout.model import Channel, Purpose

SCHEMA = "outreach"
TOUCH_STATES = (
    "planned", "claimed", "calling", "sent", "delivered",
    "skipped", "failed", "cancelled", "uncertain",
)  # fmt: skip
EVENT_STATES = ("pending", "enrolled", "unknown_person", "ignored", "waiting_for_person")
CAMPAIGN_STATES = ("draft", "in_review", "live", "paused", "finishing", "ended")
ENROLMENT_STATES = ("active", "declined", "ended")
OUTCOMES = ("accepted", "refused", "uncertain")
STAGES = ("plan", "claim", "mark")
VERDICTS = ("send", "hold", "skip")
TASK_STATES = ("open", "taken", "ended", "closed", "withdrawn")

metadata = MetaData(schema=SCHEMA)


def _kind(name: str, values: tuple[str, ...]) -> ENUM:
    return ENUM(*values, name=name, schema=SCHEMA, metadata=metadata)


touch_state = _kind("touch_state", TOUCH_STATES)
event_state = _kind("event_state", EVENT_STATES)
campaign_state = _kind("campaign_state", CAMPAIGN_STATES)
enrolment_state = _kind("enrolment_state", ENROLMENT_STATES)
outcome_kind = _kind("outcome", OUTCOMES)
stage_kind = _kind("stage", STAGES)
verdict_kind = _kind("verdict", VERDICTS)


def instant(name: str, *, nullable: bool = False, default: str | None = None) -> Column[object]:
    fallback = text(default) if default else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=fallback)


def table(
    name: str, *items: SchemaItem, key: tuple[str, ...] = ("id",), many: bool = False
) -> Table:
    """A table whose key begins with the brand.

    Where rows come by the million (`many`), row-level security alone sees to it that there is such
    a brand: looking it up again for each row costs as much as storing the row.
    """
    brand = Column("brand_id", Integer, nullable=False)
    home = () if many else (ForeignKeyConstraint(["brand_id"], [f"{SCHEMA}.brands.id"]),)
    return Table(name, metadata, brand, *items, PrimaryKeyConstraint("brand_id", *key), *home)


def channel_and_purpose() -> tuple[Column[object], Column[object]]:
    """Texts, though their values are few.

    Comparing enumerations is not leak-proof to PostgreSQL, and under row-level security only what
    is leak-proof may be looked up in an index: claims would read everything that is due.
    """
    channels, purposes = (", ".join(f"'{v.value}'" for v in kind) for kind in (Channel, Purpose))
    return (
        Column("channel", Text, CheckConstraint(f"channel in ({channels})"), nullable=False),
        Column("purpose", Text, CheckConstraint(f"purpose in ({purposes})"), nullable=False),
    )
