"""Which calls do agents owe, who makes them, and how did each of them end?

States are texts: enumerations are not compared under row-level security (see `columns`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from outreach.db.schema.columns import TASK_STATES, instant, table

_STATES = ", ".join(f"'{state}'" for state in TASK_STATES)

# `look_at` is when a worker looks at the task by itself: whether it is still to be made, or whether
# the time to take a disposition back is over.
tasks = table(
    "tasks",
    Column("id", Uuid, nullable=False),
    Column("touch_id", Uuid, nullable=False),
    Column("campaign_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column(
        "kind", Text, CheckConstraint("kind in ('call', 'copy')"),
        nullable=False, server_default=text("'call'"),
    ),
    Column("number", Text, nullable=False),
    Column("other_number", Text),
    Column("script", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("queue", Text, nullable=False, server_default=text("'calls'")),
    Column("language", Text),
    Column("needs", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("in_house", Boolean, nullable=False, server_default=text("false")),
    Column("rank", SmallInteger, nullable=False, server_default=text("0")),
    Column(
        "state", Text, CheckConstraint(f"state in ({_STATES})"),
        nullable=False, server_default=text("'open'"),
    ),
    Column("holder", Text),
    Column("only_agent", Text),
    Column("disposition", Text),
    Column("note", Text),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("held", Text),
    Column("promised_local", Text),
    Column("promised_zone", Text),
    instant("promised_at", nullable=True),
    instant("opened_at"),
    instant("due_at"),
    instant("useless_after"),
    instant("taken_at", nullable=True),
    instant("dialled_at", nullable=True),
    instant("lease_until", nullable=True),
    instant("look_at", nullable=True),
    instant("closed_at", nullable=True),
    Index(
        "tasks_open", "brand_id", "queue", "rank", "due_at",
        postgresql_where=text("state = 'open'"),
    ),
    Index("tasks_leased", "brand_id", "lease_until", postgresql_where=text("state = 'taken'")),
    Index("tasks_to_look_at", "brand_id", "look_at", postgresql_where=text("look_at is not null")),
    Index("tasks_by_opening", "brand_id", "queue", "opened_at"),
    Index("tasks_by_person", "brand_id", "person_id"),
    Index(
        "tasks_telling", "brand_id", "closed_at",
        postgresql_where=text(
            "closed_at is not null and (number <> '' or script <> '' or note is not null)"
        ),
    ),
)  # fmt: skip

# One call of a task. Without an end it is under way, or its agent did not come back.
calls = table(
    "calls",
    Column("task_id", Uuid, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    instant("dialled_at"),
    instant("ended_at", nullable=True),
    Column("disposition", Text),
    Column("note", Text),
    Column("answers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("said", JSONB, nullable=False, server_default=text("'{}'")),
    Column("undone", SmallInteger, nullable=False, server_default=text("0")),
    instant("settled_at", nullable=True),
    Index("calls_by_queue", "brand_id", "queue", "ended_at"),
    Index(
        "calls_telling",
        "brand_id",
        "settled_at",
        postgresql_where=text(
            "settled_at is not null and (note is not null or answers <> '{}' or said <> '{}')"
        ),
    ),
    key=("task_id", "number"),
)

queues = table(
    "queues",
    Column("key", Text, nullable=False),
    Column("document", Text, nullable=False),
    instant("put_at"),
    instant("retired_at", nullable=True),
    key=("key",),
)

# What one shift leaves to the next.
handovers = table(
    "handovers",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("queue", Text, nullable=False),
    Column("agent", Text, nullable=False),
    instant("at"),
    Column("note", Text, nullable=False),
    Index("handovers_by_queue", "brand_id", "queue", "at"),
    Index(
        "handovers_telling",
        "brand_id",
        "at",
        postgresql_where=text("note <> ''"),
    ),
)

# So many calls messages asked for in this minute; kept for an hour, by minutes of the clock.
invited_calls = table(
    "invited_calls",
    Column("queue", Text, nullable=False),
    Column("minute", SmallInteger, nullable=False),
    instant("at"),
    Column("calls", Double, nullable=False),
    key=("queue", "minute"),
)

# Whose work a case is. Its state is what events say of it (`records.cases`).
case_work = table(
    "case_work",
    Column("person_id", Uuid, nullable=False),
    Column("case_key", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("owner", Text),
    Column("order_key", Text),  # named by whoever joined a case that was opened without one
    key=("person_id", "case_key"),
)

# What was said of a case, by whom: an agent, a survey, a reply.
case_notes = table(
    "case_notes",
    Column("id", BigInteger, Identity(), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("case_key", Text, nullable=False),
    instant("at"),
    Column("by", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("note", Text, nullable=False),
    Index("case_notes_by_case", "brand_id", "person_id", "case_key"),
    Index(
        "case_notes_telling",
        "brand_id",
        "at",
        postgresql_where=text("note <> ''"),
    ),
)

# Other systems in which calls are shown; what logs in there is sealed.
mirrors = table(
    "mirrors",
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    instant("created_at"),
    instant("retired_at", nullable=True),
    key=("key",),
)

# As which version each of them has seen a call, and when it is shown again.
mirrored = table(
    "mirrored",
    Column("mirror", Text, nullable=False),
    Column("task_id", Uuid, nullable=False),
    Column("version", Text, nullable=False),
    Column("theirs", Text),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    instant("look_at", nullable=True),
    Column("failure", Text),
    Index("mirrored_by_theirs", "brand_id", "mirror", "theirs"),
    key=("mirror", "task_id"),
)

# Addresses of agents' calendars.
feeds = table(
    "feeds",
    Column("token_hash", LargeBinary, nullable=False),
    Column("agent", Text, nullable=False),
    instant("created_at"),
    instant("revoked_at", nullable=True),
    key=("token_hash",),
)

scorecards = table(
    "scorecards",
    Column("key", Text, nullable=False),
    Column("document", Text, nullable=False),
    instant("put_at"),
    key=("key",),
)

# How good a call was, said once for each scorecard.
scores = table(
    "scores",
    Column("scorecard", Text, nullable=False),
    Column("task_id", Uuid, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("lead", Text, nullable=False),
    instant("at"),
    Column("points", JSONB, nullable=False),
    Column("share", Double, nullable=False),
    Column("note", Text, nullable=False),
    Index(
        "scores_telling",
        "brand_id",
        "at",
        postgresql_where=text("note <> ''"),
    ),
    key=("scorecard", "task_id", "number"),
)

# How well a reply was dealt with, likewise.
reply_scores = table(
    "reply_scores",
    Column("scorecard", Text, nullable=False),
    Column("reply_id", Uuid, nullable=False),
    Column("lead", Text, nullable=False),
    instant("at"),
    Column("points", JSONB, nullable=False),
    Column("share", Double, nullable=False),
    Column("note", Text, nullable=False),
    Index(
        "reply_scores_telling",
        "brand_id",
        "at",
        postgresql_where=text("note <> ''"),
    ),
    key=("scorecard", "reply_id"),
)
