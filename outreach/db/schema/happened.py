"""What has happened, what did platforms push, and how much came in a day?"""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import event_state, instant, metadata, table

events = table(
    "events",
    Column("id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("source", Text, nullable=False),
    instant("occurred_at"),
    instant("received_at"),
    Column("state", event_state, nullable=False, server_default="pending"),
    Column("data", JSONB, nullable=False),
    # Of an event that came without its person: what is to tell whose it is.
    Column("waits_for", Text),
    # In the order in which they are taken: sorted, all that waits would be read for each set.
    Index(
        "events_pending", "brand_id", "received_at", "id",
        postgresql_where=text("state = 'pending'"),
    ),
    # The day's part of all, found without a tree that every event would have to enter.
    Index("events_by_age", "received_at", postgresql_using="brin"),
    # What surveys come to is counted over all persons.
    Index(
        "events_answers", "brand_id", "occurred_at",
        postgresql_where=text("type = 'survey.answered'"),
    ),
    # Refunds that have been on their way for too long are looked for over all persons too.
    Index(
        "events_refunds", "brand_id", "occurred_at",
        postgresql_where=text("type = 'refund.progressed'"),
    ),
    # With type and instant, so that counting what happened reads the index alone.
    Index("events_by_person", "brand_id", "person_id", "type", "occurred_at"),
    Index(
        "events_waiting", "brand_id", "waits_for",
        postgresql_where=text("waits_for is not null"),
    ),
    many=True,
)  # fmt: skip

# Secrets stand as they are, since signatures are made with them; the newest comes first.
sources = table(
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
    instant("last_refused_at", nullable=True),
    Column("last_refusal", Text),
    instant("created_at", default="now()"),
    instant("retired_at", nullable=True),
    Index(
        "sources_by_key", "brand_id", "key", unique=True,
        postgresql_where=text("retired_at is null"),
    ),
)  # fmt: skip

# Messages as they came: bytes before anybody read them.
inbox = table(
    "inbox",
    Column("id", Uuid, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    instant("received_at"),
    instant("look_at"),
    Column("headers", JSON, nullable=False),
    Column("query", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("why", Text),
    Column("people", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Index("inbox_pending", "brand_id", "look_at", postgresql_where=text("state = 'pending'")),
    Index("inbox_by_time", "brand_id", "received_at"),
)

# What a platform calls a parcel, and the tracking number by which we do.
parcel_names = table(
    "parcel_names",
    Column("name", Text, nullable=False),
    Column("parcel_key", Text, nullable=False),
    key=("name",),
)

intake = table(
    "intake",
    Column("source", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("accepted", BigInteger, nullable=False, server_default=text("0")),
    Column("already_seen", BigInteger, nullable=False, server_default=text("0")),
    Column("refused", BigInteger, nullable=False, server_default=text("0")),
    key=("source", "day"),
)

# What people wrote back, for each of whom the address is; the words stand in `text` alone.
replies = table(
    "replies",
    Column("id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    instant("at"),
    Column("intent", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("replies_by_person", "brand_id", "person_id", "channel", "at"),
    Index("replies_by_instant", "brand_id", "at"),
    Index("replies_telling", "brand_id", "at", postgresql_where=text("text <> ''")),
    key=("id", "person_id"),
)

# What the lines of a do-not-contact list came to, by their numbers alone.
taken_lists = table(
    "taken_lists",
    Column("id", BigInteger, Identity(), nullable=False),
    instant("at"),
    Column("by", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("listed", BigInteger, nullable=False),
    Column("clear", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("runs", JSONB, nullable=False),
    Column("whole", Boolean, nullable=False),
)

# What was refused of a provider's pushes: to an account of the brand's own, and to the
# installation's, which is of no brand.
push_refusals = table(
    "push_refusals",
    Column("provider", Text, nullable=False),
    Column("refused", BigInteger, nullable=False),
    instant("last_at"),
    Column("last_refusal", Text, nullable=False),
    key=("provider",),
)
# What a provider signed beside a body, and which body that was, as hashes.
push_tokens = Table(
    "push_tokens",
    metadata,
    Column("token", Text, primary_key=True),
    Column("body", Text, nullable=False),
    instant("at"),
    Index("push_tokens_by_instant", "at"),
)
shared_refusals = Table(
    "shared_refusals",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("refused", BigInteger, nullable=False),
    instant("last_at"),
    Column("last_refusal", Text, nullable=False),
)
