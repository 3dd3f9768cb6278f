"""What does the gate look at, and what may it say?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
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
    DECEASED = "deceased"
    PLACE_UNKNOWN = "place_unknown"
    OUTSIDE_HOURS = "outside_hours"
    NO_LAWFUL_HOUR = "no_lawful_hour"
    DAY_LEFT_OUT = "day_left_out"
    CAPPED = "capped"
    OUTRANKED = "outranked"
    TOO_LATE = "too_late"
    PROVIDER_BUSY = "provider_busy"
    AGENTS_BUSY = "agents_busy"


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
    """A touch as the gate sees it.

    How often it was claimed is no fact about it: a batch that was full may let go of it, and the
    next take it up at the same instant. Nor is why it was held before: only what competes for a
    person reads that, and whom it competes with stands in the facts. So neither the fence nor that
    reason is written out with them.
    """

    id: UUID
    enrolment_id: UUID
    campaign_id: UUID
    person_id: UUID
    step: int
    channel: Channel
    purpose: Purpose
    priority: int
    state: str
    fence: int = field(repr=False)
    planned_for: datetime
    due_at: datetime
    useless_after: datetime
    reason: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A contact as people know it: the campaign with its names by locale, and the step."""

    touch_id: UUID
    campaign: str = ""
    step: str = ""
    names: tuple[tuple[str, str], ...] = ()

    def because(self) -> Because:
        """How a verdict names it; of what another brand sent there is no name."""
        if not self.campaign:
            return {"by": str(self.touch_id)}
        told = {"campaign": self.campaign, "step": self.step, "name": dict(self.names)}
        return {"by": str(self.touch_id)} | told


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt that reached a provider, may have, or is in the air.

    Made at the very person, or at somebody who shares an address with them; by this brand, or by
    another of its group.
    """

    touch_id: UUID
    at: datetime
    channel: Channel
    purpose: Purpose
    product: str | None = None
    same_person: bool = True
    same_address: bool = True
    elsewhere: bool = False
    named: Named | None = None
    same_passage: bool = False


Period = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max` attempts in a rolling span or a calendar period; a brand's cap or a law's.

    A period is counted on the clocks of `zones`, all of them.
    """

    max: int
    per: timedelta | Period
    channels: tuple[Channel, ...]
    purposes: tuple[Purpose, ...]
    name: str
    whom: Literal["person", "address"] = "person"
    across: Literal["brand", "group"] = "brand"
    same_product: bool = False
    zones: tuple[str, ...] = ()
    campaign: str | None = None  # only attempts of this campaign count
    of: Literal["brand", "campaign", "law"] = "brand"
    spares_passage: bool = False  # a reminder of the same passage asks nothing new


@dataclass(frozen=True, slots=True)
class Silence:
    """What asks for silence about a person.

    `cases` are open ones of the brand's own. `lifts_at` is the end of the grace time after the last
    was closed. `elsewhere`: a brand of the group holds its tongue, and we learn no more than that.
    """

    cases: tuple[str, ...] = ()
    lifts_at: datetime | None = None
    elsewhere: bool = False
    deceased: bool = False


@dataclass(frozen=True, slots=True)
class Rival:
    """Another contact for the same person that would go out, now or within the horizon."""

    touch_id: UUID
    campaign: str
    rank: tuple[float, ...]
    named: Named | None = None
    at: datetime | None = None  # when it would go, where that is later than now


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one touch at one instant. Judging it reads nothing else."""

    touch: Touch
    now: datetime
    campaign: str
    decision: Decision | None  # None: the person has no address for the channel
    care: Silence
    place: Place
    admission: Admission
    limits: tuple[Limit, ...]
    attempts: tuple[Attempted, ...]
    apart: timedelta
    rank: tuple[float, ...]
    pack: str
    rivals: tuple[Rival, ...] = ()
    product: str | None = None
    horizon: timedelta = timedelta()
    named: Named | None = None
    drops: bool = False  # what may not go out as soon as it is due is not waited for
    day_off_until: datetime | None = None  # its step leaves this day out
