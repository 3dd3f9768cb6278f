"""Which tables does outreach keep?

Every key begins with the brand, and row-level security is forced on every table (see `security`).
A touch row is narrow because there are millions of them: what varies in a text stays with its
event.
`optout` keeps tables of its own.
"""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ENUM, JSONB
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
TASK_STATES = ("open", "taken", "closed", "withdrawn")

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
task_state = _kind("task_state", TASK_STATES)


def _instant(name: str, *, nullable: bool = False, default: str | None = None) -> Column[object]:
    fallback = text(default) if default else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=fallback)


def _table(name: str, *items: SchemaItem, key: tuple[str, ...] = ("id",)) -> Table:
    """A table whose key begins with the brand."""
    brand = Column("brand_id", Integer, nullable=False)
    home = ForeignKeyConstraint(["brand_id"], [f"{SCHEMA}.brands.id"])
    return Table(name, metadata, brand, *items, PrimaryKeyConstraint("brand_id", *key), home)


brands = Table(
    "brands",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    Column("weight", SmallInteger, nullable=False, server_default=text("1")),
    Column("group_key", Text, nullable=False, server_default=""),
    Column("lineage", Text, nullable=False, server_default=""),
    Column("profile", JSONB, nullable=False),
    _instant("created_at", default="now()"),
)

api_keys = _table(
    "api_keys",
    Column("id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    _instant("created_at", default="now()"),
    _instant("revoked_at", nullable=True),
)

persons = _table(
    "persons",
    Column("id", Uuid, nullable=False),
    Column("ref", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("locale", Text),
    Column("zone", Text),
    Column("country", Text),
    Column("subdivision", Text),
    Column("postcode", Text),
    Column("point_zone", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    _instant("updated_at", default="now()"),
)

addresses = _table(
    "addresses",
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["brand_id", "person_id"], [f"{SCHEMA}.persons.brand_id", f"{SCHEMA}.persons.id"]
    ),
    Index("addresses_by_hash", "brand_id", "hash"),
    key=("person_id", "kind"),
)

events = _table(
    "events",
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    _instant("occurred_at"),
    _instant("received_at"),
    Column("state", event_state, nullable=False, server_default="pending"),
    Column("data", JSONB, nullable=False),
    # Of an event that came without its person: what is to tell whose it is.
    Column("waits_for", Text),
    Index("events_pending", "brand_id", "received_at", postgresql_where=text("state = 'pending'")),
    # With type and instant, so that counting what happened reads the index alone.
    Index("events_by_person", "brand_id", "person_id", "type", "occurred_at"),
    Index(
        "events_waiting", "brand_id", "waits_for",
        postgresql_where=text("waits_for is not null"),
    ),
)  # fmt: skip

# Secrets stand as they are, since signatures are made with them; the newest comes first.
sources = _table(
    "sources",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("secrets", ARRAY(Text), nullable=False),
    Column("zone", Text, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("mapping", JSONB, nullable=False, server_default=text("'{}'")),
    Column("set_aside", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    _instant("last_refused_at", nullable=True),
    Column("last_refusal", Text),
    _instant("created_at", default="now()"),
    _instant("retired_at", nullable=True),
    Index(
        "sources_by_key", "brand_id", "key", unique=True,
        postgresql_where=text("retired_at is null"),
    ),
)  # fmt: skip

# Messages as they came: bytes before anybody read them.
inbox = _table(
    "inbox",
    Column("id", Uuid, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    _instant("received_at"),
    _instant("look_at"),
    Column("headers", JSON, nullable=False),
    Column("query", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("why", Text),
    Column("people", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Index("inbox_pending", "brand_id", "look_at", postgresql_where=text("state = 'pending'")),
    Index("inbox_by_time", "brand_id", "received_at"),
)

# What a platform calls a parcel, and the tracking number by which we do.
parcel_names = _table(
    "parcel_names",
    Column("name", Text, nullable=False),
    Column("parcel_key", Text, nullable=False),
    key=("name",),
)

intake = _table(
    "intake",
    Column("source", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("accepted", BigInteger, nullable=False, server_default=text("0")),
    Column("already_seen", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    key=("source", "day"),
)


def _record(name: str, *items: SchemaItem, key: tuple[str, ...] = ("key",)) -> Table:
    """A business object that events speak of: each field stands as of the event that said it last.

    `as_of` holds, field by field, when that event happened, and orders what comes late.
    """
    as_of = Column("as_of", JSONB, nullable=False, server_default=text("'{}'"))
    return _table(name, *items, as_of, _instant("projected_at", default="now()"), key=key)


orders = _record(
    "orders",
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("number", Text),
    Column("state", Text),
    _instant("placed_at", nullable=True),
    _instant("paid_at", nullable=True),
    _instant("cancelled_at", nullable=True),
    _instant("refunded_at", nullable=True),
    _instant("confirmed_at", nullable=True),
    _instant("completed_at", nullable=True),
    Column("currency", Text),
    Column("total_minor", BigInteger),
    Column("refunded_minor", BigInteger),
    Column("parcels_expected", Integer),
    Index("orders_by_person", "brand_id", "person_id"),
)

order_lines = _record(
    "order_lines",
    Column("order_key", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("product_key", Text),
    Column("parcel_key", Text),
    Column("state", Text),
    Column("quantity", Integer),
    Column("currency", Text),
    Column("amount_minor", BigInteger),
    key=("order_key", "line"),
)

parcels = _record(
    "parcels",
    Column("key", Text, nullable=False),
    Column("order_key", Text),
    Column("person_id", Uuid),
    Column("carrier", Text),
    Column("state", Text),
    Column("quality", Text),
    _instant("shipped_at", nullable=True),
    _instant("delivered_at", nullable=True),
    _instant("returned_at", nullable=True),
    Index("parcels_by_order", "brand_id", "order_key"),
    Index("parcels_by_person", "brand_id", "person_id"),
)

products = _record(
    "products",
    Column("key", Text, nullable=False),
    Column("name", Text),
    Column("category", Text),
    Column("version", Text),
)

registrations = _record(
    "registrations",
    Column("product_key", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("person_id", Uuid),
    _instant("registered_at", nullable=True),
    Index("registrations_by_person", "brand_id", "person_id"),
    key=("product_key", "serial"),
)

contracts = _record(
    "contracts",
    Column("key", Text, nullable=False),
    Column("person_id", Uuid),
    Column("product_key", Text),
    Column("kind", Text),
    Column("state", Text),
    Column("term", Text),
    Column("started_on", Date),
    Column("ends_on", Date),
    _instant("due_at", nullable=True),
    _instant("renewed_at", nullable=True),
    _instant("cancelled_at", nullable=True),
    _instant("ended_at", nullable=True),
    Index("contracts_by_person", "brand_id", "person_id"),
)

cases = _record(
    "cases",
    Column("person_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text),
    Column("state", Text),
    Column("severity", Text),
    Column("order_key", Text),
    _instant("opened_at", nullable=True),
    _instant("waiting_at", nullable=True),
    _instant("closed_at", nullable=True),
    _instant("reopened_at", nullable=True),
    key=("person_id", "key"),
)

deaths = _record(
    "deaths",
    Column("person_id", Uuid, nullable=False),
    Column("state", Text),
    _instant("reported_at", nullable=True),
    key=("person_id",),
)

record_rebuilds = _table(
    "record_rebuilds",
    _instant("started_at"),
    Column("after", Uuid),
    Column("events", BigInteger, nullable=False, server_default=text("0")),
    key=(),
)

campaigns = _table(
    "campaigns",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", campaign_state, nullable=False, server_default="draft"),
    Column("document", Text, nullable=False),
    Column("pins", JSONB, nullable=False, server_default=text("'{}'")),
    Column("releases", SmallInteger, nullable=False, server_default=text("0")),
    _instant("created_at", default="now()"),
    _instant("activated_at", nullable=True),
    # When to ask next which occasions are coming; none for what waits for events.
    _instant("plan_at", nullable=True),
    Index("campaigns_by_version", "brand_id", "key", "version", unique=True),
    Index(
        "campaigns_one_live",
        "brand_id",
        "key",
        unique=True,
        postgresql_where=text("state = 'live'"),
    ),
)

templates = _table(
    "templates",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    _instant("created_at", default="now()"),
    Index("templates_by_version", "brand_id", "key", "version", unique=True),
)

enrolments = _table(
    "enrolments",
    Column("id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("state", enrolment_state, nullable=False),
    Column("planned", SmallInteger, nullable=False),
    Column("reason", Text),
    Column("detail", Text),
    _instant("created_at"),
    Index(
        "enrolments_begun", "brand_id", "person_id", postgresql_where=text("state <> 'declined'")
    ),
    Index("enrolments_by_campaign", "brand_id", "campaign_id"),
)

# How far the planning of one occasion has come: persons are gone through in the order of their ids.
plannings = _table(
    "plannings",
    Column("campaign_id", Uuid, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("day", Date, nullable=False),
    _instant("opens_at"),
    Column("after", Uuid),
    Column("candidates", BigInteger, nullable=False, server_default=text("0")),
    _instant("done_at", nullable=True),
    Index("plannings_open", "brand_id", "opens_at", postgresql_where=text("done_at is null")),
    key=("campaign_id", "occasion"),
)

waits = _table(
    "waits",
    Column("enrolment_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("event_type", Text, nullable=False),
    _instant("began_at"),
    _instant("due_at"),
    _instant("ended_at", nullable=True),
    Column("ended_by", Uuid),
    Index("waits_due", "brand_id", "due_at", postgresql_where=text("ended_at is null")),
    Index("waits_by_person", "brand_id", "person_id", postgresql_where=text("ended_at is null")),
    Index(
        "waits_by_campaign", "brand_id", "campaign_id", postgresql_where=text("ended_at is null")
    ),
    key=("enrolment_id", "step"),
)


# A person's own days; `month_day` is the day without its year, for those that come round.
dates = _table(
    "dates",
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("falls_on", Date),
    Column("month_day", SmallInteger),
    Column("about", JSONB, nullable=False),
    _instant("told_at"),
    Column(
        "state",
        Text,
        CheckConstraint("state in ('changed', 'waiting', 'settled')"),
        nullable=False,
    ),
    Index("dates_by_day", "brand_id", "name", "falls_on"),
    Index("dates_by_month_day", "brand_id", "name", "month_day"),
    Index("dates_changed", "brand_id", postgresql_where=text("state = 'changed'")),
    key=("person_id", "name", "key"),
)


def _channel_and_purpose() -> tuple[Column[object], Column[object]]:
    """Texts, though their values are few.

    Comparing enumerations is not leak-proof to PostgreSQL, and under row-level security only what
    is leak-proof may be looked up in an index: claims would read everything that is due.
    """
    channels, purposes = (", ".join(f"'{v.value}'" for v in kind) for kind in (Channel, Purpose))
    return (
        Column("channel", Text, CheckConstraint(f"channel in ({channels})"), nullable=False),
        Column("purpose", Text, CheckConstraint(f"purpose in ({purposes})"), nullable=False),
    )


touches = _table(
    "touches",
    Column("id", Uuid, nullable=False),
    Column("enrolment_id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("step", SmallInteger, nullable=False),
    *_channel_and_purpose(),
    Column("priority", SmallInteger, nullable=False),
    Column("state", touch_state, nullable=False, server_default="planned"),
    Column("fence", SmallInteger, nullable=False, server_default=text("0")),
    _instant("planned_for"),
    _instant("due_at"),
    _instant("useless_after"),
    _instant("lease_until", nullable=True),
    _instant("settled_at", nullable=True),
    Column("reason", Text),
    Index(
        "touches_due", "brand_id", "channel", "due_at",
        postgresql_where=text("state = 'planned'"),
    ),
    Index(
        "touches_open_by_person", "brand_id", "person_id",
        postgresql_where=text("state in ('planned', 'claimed', 'calling')"),
    ),
    Index(
        "touches_leased", "lease_until",
        postgresql_where=text("state in ('claimed', 'calling')"),
    ),
    Index(
        "touches_in_doubt", "brand_id", "channel", "lease_until",
        postgresql_where=text("state = 'uncertain'"),
    ),
    Index("touches_by_enrolment", "brand_id", "enrolment_id"),
    Index("touches_by_campaign", "brand_id", "campaign_id", "state"),
)  # fmt: skip

attempts = _table(
    "attempts",
    Column("touch_id", Uuid, nullable=False),
    Column("fence", SmallInteger, nullable=False),
    Column("person_id", Uuid, nullable=False),
    *_channel_and_purpose(),
    Column("address_hash", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("body_hash", LargeBinary),
    _instant("started_at"),
    _instant("begun_at", nullable=True),
    _instant("ended_at", nullable=True),
    Column("outcome", outcome_kind),
    Column("provider_id", Text),
    Column("detail", Text),
    Column("product", Text),
    _instant("dialled_at", nullable=True),
    Index("attempts_by_address", "brand_id", "address_hash", "started_at"),
    Index("attempts_recent", "started_at", postgresql_using="brin"),
    Index("attempts_by_person", "brand_id", "person_id", "started_at"),
    Index("attempts_in_air", "brand_id", "address_hash", postgresql_where=text("outcome is null")),
    key=("touch_id", "fence"),
)

# What brands of one group may know of each other's contacts with an address: that there was one, of
# which kind and when. Nothing about whom, nothing of what was said.
contacts = _table(
    "contacts",
    Column("touch_id", Uuid, nullable=False),
    Column("fence", SmallInteger, nullable=False),
    Column("group_key", Text, nullable=False),
    Column("address_hash", LargeBinary, nullable=False),
    *_channel_and_purpose(),
    _instant("at"),
    Index("contacts_by_address", "group_key", "address_hash", "at"),
    key=("touch_id", "fence"),
)

# That somebody at this address is to be spared, until when, and not why. No end: a case is open.
holds = _table(
    "holds",
    Column("address_hash", LargeBinary, nullable=False),
    Column("group_key", Text, nullable=False),
    _instant("lifts_at", nullable=True),
    Column("for_good", Boolean, nullable=False, server_default=text("false")),
    Index("holds_by_address", "group_key", "address_hash"),
    key=("address_hash",),
)

verdicts = _table(
    "verdicts",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("touch_id", Uuid, nullable=False),
    _instant("at"),
    Column("stage", stage_kind, nullable=False),
    Column("verdict", verdict_kind, nullable=False),
    Column("reason", Text),
    _instant("until", nullable=True),
    Column("pack", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("because", JSONB),
    Index("verdicts_by_touch", "brand_id", "touch_id"),
)

# How what was uncertain was settled: by whom or by what, and what became of it.
settlements = _table(
    "settlements",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("touch_id", Uuid, nullable=False),
    _instant("at"),
    Column("how", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("by", Text),
    Column("detail", Text),
    Index("settlements_by_touch", "brand_id", "touch_id"),
)

receipts = _table(
    "receipts",
    Column("touch_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    _instant("at"),
    Column("detail", Text),
    key=("touch_id", "kind", "at"),
)

tasks = _table(
    "tasks",
    Column("id", Uuid, nullable=False),
    Column("touch_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("script", Text, nullable=False),
    Column("state", task_state, nullable=False, server_default="open"),
    Column("holder", Text),
    Column("disposition", Text),
    Column("note", Text),
    _instant("opened_at"),
    _instant("useless_after"),
    _instant("closed_at", nullable=True),
    Index(
        "tasks_open", "brand_id", "opened_at", postgresql_where=text("state in ('open', 'taken')")
    ),
)
