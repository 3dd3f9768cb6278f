"""What does an explanation consist of?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    """One touch, explained: a sentence first, then everything that it rests on.

    `check` is the check of the gate that objects or objected, `because` what it rests on, `cap` the
    name of a full cap, and `repair` what would change it. `touch` is empty where it is only asked
    about.
    """

    touch: str
    person: str
    campaign: str
    step: str
    channel: str
    purpose: str
    state: str
    reason: str | None
    sentence: str
    check: str | None
    because: Mapping[str, object]
    cap: str | None
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
class RecordTold:
    """One record: its kind, a sentence, and its fields."""

    kind: str
    sentence: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PersonExplained:
    """Everything planned for a person, passages that did not begin, what is waited for, records."""

    touches: tuple[Explanation, ...]
    declined: Rows
    waits: Rows = ()
    records: tuple[RecordTold, ...] = ()
