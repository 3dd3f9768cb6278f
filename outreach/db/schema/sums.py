"""How many candidates have come to which fate, by now; which reports are kept?

Sums of passages and touches, kept by whatever writes those: triggers add what a statement changes,
so that no deed forgets to, and nobody waits for a row of sums. What is added is folded later.
"""

from sqlalchemy import BigInteger, Column, Identity, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from outreach.db.schema.columns import instant, table


def _named() -> tuple[Column[object], ...]:
    """Of which campaign, channel, quarter of an hour and fate, and for which reason.

    A passage has no channel, and what is still open no quarter.
    """
    return (
        Column("campaign_id", Uuid, nullable=False),
        Column("channel", Text, nullable=False),
        instant("quarter"),
        Column("fate", Text, nullable=False),
        Column("reason", Text, nullable=False),
    )


sums = table(
    "sums",
    *_named(),
    Column("many", BigInteger, nullable=False),
    Index("sums_by_quarter", "brand_id", "quarter"),
    key=("campaign_id", "channel", "quarter", "fate", "reason"),
    many=True,
)

# Rows that are only ever added, and folded into the sums: never one for which two would wait.
sum_changes = table(
    "sum_changes",
    Column("id", BigInteger, Identity(), nullable=False),
    *_named(),
    Column("many", BigInteger, nullable=False),
    many=True,
)

# Reports that take long, as they were counted last; each can be counted again from the ledger.
kept_counts = table(
    "kept_counts",
    Column("name", Text, nullable=False),
    instant("counted_at"),
    instant("again_at"),
    instant("seen_at"),
    Column("told", JSONB, nullable=False),
    key=("name",),
)
