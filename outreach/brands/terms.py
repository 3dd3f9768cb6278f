"""How long does a brand keep what, kind by kind?

In days; what is not said is kept as long as the installation keeps its ledger (`retention`). The
ledger is never let go of before 400 days: whoever refused within a year is still to be found in it.
Sums, names of what happened, and the record of changes (ids alone, in a chain) stay.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Term: TypeAlias = Literal[
    "ledger", "calls", "replies", "cases", "events", "comments", "messages", "handovers", "exports"
]
Days = Annotated[int, Field(ge=1, le=36_500)]


class Terms(BaseModel):
    """The terms of a brand. The shorter, the less a thief finds (GDPR 5 (1) (e); PIPL 19)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Verdicts, attempts, receipts, how doubts were settled. 16 CFR 310.5 wants five years of calls
    # to the United States.
    ledger: Annotated[int, Field(ge=400, le=36_500)] | None = None
    # Numbers, scripts, notes and answers of calls, and what was written of how good they were.
    calls: Days | None = None
    # What people wrote back, and what was written of how it was dealt with.
    replies: Days | None = None
    # Notes of cases.
    cases: Days | None = None
    # What events say about somebody in person; that they happened stays.
    events: Days | None = None
    # What people wrote with their answers to surveys; their scores stay.
    comments: Days | None = None
    # Messages of platforms as they came; the facts that they told stay.
    messages: Days = 30
    # What a shift left to the next.
    handovers: Days = 90
    # Who asked for which rows to be taken out. The rows themselves go once its time is over.
    exports: Days = 1095

    def befores(self, *, now: datetime, retention: timedelta) -> Mapping[Term, datetime]:
        """The midnight, in UTC, before which nothing of each kind is kept: it moves once a day."""
        told: dict[Term, int | None] = {
            "ledger": self.ledger, "calls": self.calls, "replies": self.replies,
            "cases": self.cases, "events": self.events, "comments": self.comments,
            "messages": self.messages, "handovers": self.handovers, "exports": self.exports,
        }  # fmt: skip
        return {
            term: midnight(now - (retention if days is None else timedelta(days=days)))
            for term, days in told.items()
        }


def midnight(at: datetime) -> datetime:
    """The beginning of this day, on the clock that `at` is told in."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
