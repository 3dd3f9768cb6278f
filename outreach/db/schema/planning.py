"""What should happen to whom, how far is it planned, and what is waited for?"""

from sqlalchemy import (
    DOUBLE_PRECISION,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import campaign_state, enrolment_state, instant, table

campaigns = table(
    "campaigns",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", campaign_state, nullable=False, server_default="draft"),
    Column("document", Text, nullable=False),
    Column("pins", JSONB, nullable=False, server_default=text("'{}'")),
    Column("releases", SmallInteger, nullable=False, server_default=text("0")),
    # The login of who wrote it; none for what a key or a command brought.
    Column("author", Text),
    instant("created_at", default="now()"),
    instant("activated_at", nullable=True),
    # When to ask next which occasions are coming; none for what waits for events.
    instant("plan_at", nullable=True),
    # The guardrail that paused it; none where a person did, or where it goes on.
    Column("stopped_by", Text),
    Index("campaigns_by_version", "brand_id", "key", "version", unique=True),
    Index(
        "campaigns_one_live",
        "brand_id",
        "key",
        unique=True,
        postgresql_where=text("state = 'live'"),
    ),
)

templates = table(
    "templates",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    instant("created_at", default="now()"),
    Index("templates_by_version", "brand_id", "key", "version", unique=True),
)

surveys = table(
    "surveys",
    Column("id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    instant("created_at", default="now()"),
    Index("surveys_by_version", "brand_id", "key", "version", unique=True),
)

enrolments = table(
    "enrolments",
    Column("id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("state", enrolment_state, nullable=False),
    Column("planned", SmallInteger, nullable=False),
    Column("reason", Text),
    Column("detail", Text),
    instant("created_at"),
    Index(
        "enrolments_begun", "brand_id", "person_id", postgresql_where=text("state <> 'declined'")
    ),
    Index(
        "enrolments_declined", "brand_id", "person_id",
        postgresql_where=text("state = 'declined'"),
    ),
    Index("enrolments_by_campaign", "brand_id", "campaign_id"),
    many=True,
)  # fmt: skip

# How far the planning of one occasion has come: persons are gone through in the order of their ids.
plannings = table(
    "plannings",
    Column("campaign_id", Uuid, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("day", Date, nullable=False),
    instant("opens_at"),
    Column("after", Uuid),
    Column("candidates", BigInteger, nullable=False, server_default=text("0")),
    instant("done_at", nullable=True),
    Index("plannings_open", "brand_id", "opens_at", postgresql_where=text("done_at is null")),
    key=("campaign_id", "occasion"),
)

waits = table(
    "waits",
    Column("enrolment_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("event_type", Text, nullable=False),
    instant("began_at"),
    instant("due_at"),
    instant("ended_at", nullable=True),
    Column("ended_by", Uuid),
    Index("waits_due", "brand_id", "due_at", postgresql_where=text("ended_at is null")),
    Index("waits_by_person", "brand_id", "person_id", postgresql_where=text("ended_at is null")),
    Index(
        "waits_by_campaign", "brand_id", "campaign_id", postgresql_where=text("ended_at is null")
    ),
    key=("enrolment_id", "step"),
    many=True,
)

# A person's own days; `month_day` is the day without its year, for those that come round.
dates = table(
    "dates",
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("falls_on", Date),
    Column("month_day", SmallInteger),
    Column("about", JSONB, nullable=False),
    instant("told_at"),
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

# Who let which version go live, and the page that they had seen then.
approvals = table(
    "approvals",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    instant("at"),
    Column("by", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("page", Text, nullable=False),
    # Of the version with its texts and surveys, as they were seen; empty where nobody noted it.
    Column("covers", Text, nullable=False, server_default=""),
    Index("approvals_by_campaign", "brand_id", "campaign_id"),
)

# Asked for by a button, made beside everything else, kept with their pages by language.
reviews = table(
    "reviews",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("covers", Text, nullable=False),
    instant("asked_at"),
    Column("asked_by", Text, nullable=False),
    instant("since"),
    instant("until"),
    Column(
        "state", Text, CheckConstraint("state in ('asked', 'running', 'done', 'failed')"),
        nullable=False, server_default=text("'asked'"),
    ),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    instant("lease_until", nullable=True),
    instant("done_at", nullable=True),
    Column("pages", JSONB, nullable=False, server_default=text("'{}'")),
    Column("problem", Text),
    Index(
        "reviews_open", "brand_id", "campaign_id", unique=True,
        postgresql_where=text("state in ('asked', 'running')"),
    ),
    Index("reviews_by_campaign", "brand_id", "campaign_id", "id"),
)  # fmt: skip

# Campaigns that paused themselves: which guardrail, what was seen then, and what was allowed.
guard_stops = table(
    "guard_stops",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("guardrail", Text, nullable=False),
    instant("at"),
    Column("people", BigInteger, nullable=False),
    Column("did", BigInteger, nullable=False),
    Column("limit", DOUBLE_PRECISION, nullable=False),
    Column("p", DOUBLE_PRECISION, nullable=False),
    Index("guard_stops_by_campaign", "brand_id", "campaign", "at"),
)

# When the guardrails of a brand were looked at last, to the end.
guard_looks = table("guard_looks", instant("at"), key=())
