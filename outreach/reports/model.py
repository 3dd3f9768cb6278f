"""What does an explanation consist of?"""

from dataclasses import dataclass
from datetime import datetime

from outreach.reports.records import RecordTold

Rows = tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A rule that bears on the answer, and where it stands."""

    rule: str
    jurisdiction: str
    source: str
    basis: str
    binding: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One touch, explained: a sentence first, then everything that it rests on."""

    touch: str
    campaign: str
    channel: str
    purpose: str
    state: str
    reason: str | None
    sentence: str
    repair: str
    due_at: datetime
    useless_after: datetime
    zones: tuple[str, ...]
    local_times: tuple[str, ...]
    evidence: tuple[str, ...]
    citations: tuple[Citation, ...]
    consent: str
    now_says: str
    next_at: datetime | None
    pack: str
    history: Rows
    attempts: Rows


@dataclass(frozen=True, slots=True)
class PersonExplained:
    """Everything planned for a person, passages that did not begin, what is waited for, records."""

    touches: tuple[Explanation, ...]
    declined: Rows
    waits: Rows = ()
    records: tuple[RecordTold, ...] = ()
