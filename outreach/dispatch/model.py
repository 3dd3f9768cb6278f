"""What does the gate look at, and what may it say?"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from optout.model import Channel, Decision, Purpose
from outreach.hours.model import Admission, Place


class Reason(StrEnum):
    """Why a contact waits or does not take place. A test holds these against docs/words.md."""

    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"
    NO_CONSENT = "no_consent"
    ON_REGISTER = "on_register"
    REGISTER_STALE = "register_stale"
    NOT_ESTABLISHED = "not_established"
    FORBIDDEN = "forbidden"
    NO_ADDRESS = "no_address"
    CARE_HOLD = "care_hold"
    PLACE_UNKNOWN = "place_unknown"
    OUTSIDE_HOURS = "outside_hours"
    NO_LAWFUL_HOUR = "no_lawful_hour"
    CAPPED = "capped"
    OUTRANKED = "outranked"
    TOO_LATE = "too_late"
    PROVIDER_BUSY = "provider_busy"


Because = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Send:
    """Nothing objects."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now. `until` is None where only a change can help: a zone added, a case closed."""

    reason: Reason
    until: datetime | None
    because: Because = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """Not at all."""

    reason: Reason
    because: Because = field(default_factory=dict)


Verdict = Send | Hold | Skip


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch as the gate sees it."""

    id: UUID
    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    step: int
    channel: Channel
    purpose: Purpose
    priority: int
    state: str
    fence: int
    planned_for: datetime
    due_at: datetime
    useless_after: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt at a person that reached a provider, may have, or is in the air."""

    touch_id: UUID
    at: datetime
    channel: Channel
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` attempts in a rolling span; a brand's cap or a jurisdiction's."""

    max: int
    per: timedelta
    channels: tuple[Channel, ...]
    purposes: tuple[Purpose, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Rival:
    """Another contact due for the same person that would go out now."""

    touch_id: UUID
    campaign: str
    rank: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one touch at one instant. Judging it reads nothing else."""

    touch: Touch
    now: datetime
    campaign: str
    decision: Decision | None  # None: the person has no address for the channel
    cases: tuple[str, ...]
    place: Place
    admission: Admission
    limits: tuple[Limit, ...]
    attempts: tuple[Attempted, ...]
    apart: timedelta
    rank: tuple[float, ...]
    pack: str
    rivals: tuple[Rival, ...] = ()

    def hash(self) -> bytes:
        """Eight bytes by which a replay is held against history."""
        return hashlib.sha256(repr(self).encode()).digest()[:8]
