"""What is due, what was tried, and what became of it?

A touch row is narrow because there are millions of them: what varies in a text stays with its
event.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import (
    channel_and_purpose,
    instant,
    outcome_kind,
    stage_kind,
    table,
    touch_state,
    verdict_kind,
)

touches = table(
    "touches",
    Column("id", Uuid, nullable=False),
    Column("enrolment_id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("step", SmallInteger, nullable=False),
    *channel_and_purpose(),
    Column("priority", SmallInteger, nullable=False),
    Column("state", touch_state, nullable=False, server_default="planned"),
    Column("fence", Integer, nullable=False, server_default=text("0")),
    instant("planned_for"),
    instant("due_at"),
    instant("useless_after"),
    instant("lease_until", nullable=True),
    instant("settled_at", nullable=True),
    Column("reason", Text),
    Index(
        "touches_due", "brand_id", "channel", "due_at",
        postgresql_where=text("state = 'planned'"),
    ),
    Index(
        "touches_urgent", "brand_id", "channel", "due_at",
        postgresql_where=text("state = 'planned' and purpose = 'transactional'"),
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
    Index(
        "touches_by_reason", "brand_id", "reason", "settled_at", "id",
        postgresql_where=text("reason is not null"),
    ),
    many=True,
)  # fmt: skip

attempts = table(
    "attempts",
    Column("touch_id", Uuid, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("person_id", Uuid, nullable=False),
    *channel_and_purpose(),
    Column("address_hash", LargeBinary, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("body_hash", LargeBinary),
    instant("started_at"),
    instant("begun_at", nullable=True),
    instant("ended_at", nullable=True),
    Column("outcome", outcome_kind),
    Column("provider_id", Text),
    Column("detail", Text),
    Column("product", Text),
    instant("dialled_at", nullable=True),
    # As how many messages a provider counts it: an SMS may be cut into several.
    Column("parts", SmallInteger, nullable=False, server_default=text("1")),
    # The provider that took it over, refused it or gave no answer; none where it has no name.
    Column("taken_by", Text),
    Index("attempts_by_address", "brand_id", "address_hash", "started_at"),
    Index("attempts_recent", "started_at", postgresql_using="brin"),
    Index("attempts_by_person", "brand_id", "person_id", "started_at"),
    Index(
        "attempts_by_provider_id",
        "brand_id",
        "provider_id",
        postgresql_where=text("provider_id is not null"),
    ),
    key=("touch_id", "fence"),
    many=True,
)

# What brands of one group may know of each other's contacts with an address: that there was one, of
# which kind and when. Nothing about whom, nothing of what was said.
contacts = table(
    "contacts",
    Column("touch_id", Uuid, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("group_key", Text, nullable=False),
    Column("address_hash", LargeBinary, nullable=False),
    *channel_and_purpose(),
    instant("at"),
    Index("contacts_by_address", "group_key", "address_hash", "at"),
    key=("touch_id", "fence"),
)

# That somebody at this address is to be spared, until when, and not why. No end: a case is open.
holds = table(
    "holds",
    Column("address_hash", LargeBinary, nullable=False),
    Column("group_key", Text, nullable=False),
    instant("lifts_at", nullable=True),
    Column("for_good", Boolean, nullable=False, server_default=text("false")),
    Index("holds_by_address", "group_key", "address_hash"),
    key=("address_hash",),
)

verdicts = table(
    "verdicts",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("touch_id", Uuid, nullable=False),
    instant("at"),
    Column("stage", stage_kind, nullable=False),
    Column("verdict", verdict_kind, nullable=False),
    Column("reason", Text),
    instant("until", nullable=True),
    Column("pack", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("because", JSONB),
    Index("verdicts_by_touch", "brand_id", "touch_id"),
    Index("verdicts_by_age", "at", postgresql_using="brin"),
    many=True,
)

# How what was uncertain was settled: by whom or by what, and what became of it.
settlements = table(
    "settlements",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("touch_id", Uuid, nullable=False),
    instant("at"),
    Column("how", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("by", Text),
    Column("detail", Text),
    Index("settlements_by_touch", "brand_id", "touch_id"),
)

receipts = table(
    "receipts",
    Column("touch_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    instant("at"),
    Column("detail", Text),
    Index("receipts_by_age", "at", postgresql_using="brin"),
    key=("touch_id", "kind", "at"),
)

# What a provider said of an address while it refused a message, until it was taken in.
unheard = table(
    "unheard",
    Column("touch_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("said", Text, nullable=False),
    instant("look_at"),
    key=("touch_id", "kind"),
)

# What a person at a provider has yet to send, until it is known how it fared.
entrusted = table(
    "entrusted",
    Column("touch_id", Uuid, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    instant("given_at"),
    instant("look_at"),
    key=("touch_id",),
)

# What a message cost, in minor units of its currency with their fractions; none was told where the
# amount is missing.
costs = table(
    "costs",
    Column("touch_id", Uuid, nullable=False),
    Column("parts", SmallInteger),
    Column("minor", Numeric(18, 6)),
    Column("currency", Text),
    instant("at"),
    key=("touch_id",),
    many=True,
)

# Where our own people read tests, and nobody else. What is removed stays: proofs name it.
own_addresses = table(
    "own_addresses",
    Column("channel", Text, CheckConstraint("channel in ('email', 'sms')"), nullable=False),
    Column("address", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    instant("added_at"),
    instant("removed_at", nullable=True),
    key=("channel", "address"),
)

# Which of our own people were told of the brand that morning; without an outcome, perhaps.
mornings = table(
    "mornings",
    Column("id", Uuid, nullable=False),
    Column("day", Text, nullable=False),
    Column("told", Text, nullable=False),
    instant("begun_at"),
    Column("outcome", Text),
    Column("detail", Text),
)

# What was sent there: no touch and no attempt, so that nothing counts it as care.
proofs = table(
    "proofs",
    Column("id", Uuid, nullable=False),
    Column(
        "purpose", Text, CheckConstraint("purpose = 'test'"), nullable=False,
        server_default=text("'test'"),
    ),
    Column("by", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("locale", Text, nullable=False),
    instant("started_at"),
    instant("ended_at", nullable=True),
    Column("outcome", Text, CheckConstraint("outcome in ('accepted', 'refused', 'uncertain')")),
    Column("provider_id", Text),
    Column("detail", Text, nullable=False, server_default=text("''")),
    Index("proofs_by_start", "brand_id", "started_at"),
)  # fmt: skip

# Accounts at providers that the brand has of its own: the sealed URL, empty where it was given up.
accounts = table(
    "accounts",
    Column("channel", Text, nullable=False),
    Column("url", Text, nullable=False),
    instant("changed_at"),
    key=("channel",),
)
