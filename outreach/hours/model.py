"""What do a place, a calling rule and its answer consist of?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from optout.model import Channel

MINUTES_A_DAY = 24 * 60

ANYWHERE = "*"
"""The jurisdiction of rows that hold or stand in anywhere."""

UNPLACED = "ZZ"
"""The jurisdiction of people whose zone is known and whose country is not."""


class Coordinates(NamedTuple):
    """A point in degrees north and east."""

    north: float
    east: float


class Evidence(NamedTuple):
    """What is on record about where a person lives; `None` where nothing is.

    `zone` is an IANA name that the person declared, `country` ISO 3166-1 alpha-2, `subdivision`
    ISO 3166-2 with or without its country, `phone` E.164 or as written in `country`.
    """

    zone: str | None = None
    country: str | None = None
    subdivision: str | None = None
    postcode: str | None = None
    phone: str | None = None
    coordinates: Coordinates | None = None
    point_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """What one piece of evidence leaves possible, and the sentence that says so."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Every zone and jurisdiction in which a person may be; hours must suit them all."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    evidence: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether there is a zone to judge hours in; voice, SMS and chat wait until there is."""
        return bool(self.zones)


class Window(NamedTuple):
    """Minutes since local midnight, end exclusive; an end past 1440 runs into the next day."""

    opens: int
    closes: int


Week = tuple[tuple[Window, ...], ...]
"""Seven days of windows, Monday first; a day without any is closed."""

ALWAYS: Week = ((Window(0, MINUTES_A_DAY),),) * 7


@dataclass(frozen=True, slots=True)
class AttemptCap:
    """At most `max` attempts in `per`; `scope` says which attempts count together.

    A cap that is not rolling counts by the calendar day of the recipient.
    """

    max: int
    per: timedelta
    rolling: bool
    scope: str
    rule_id: str
    counts: str = "attempts"
    """What the law counts; attempts are counted here whatever it says, and are never fewer."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated, sourced row of a pack. `windows is None` says no clock rule is known here."""

    id: str
    jurisdiction: str
    channels: tuple[Channel, ...]
    purposes: tuple[str, ...]
    audience: str
    windows: Week | None
    holidays_allowed: bool
    caps: tuple[AttemptCap, ...]
    effective_from: date | None
    effective_to: date | None
    basis: str
    binding: bool
    source: str
    confidence: str
    note: str
    evidence: str = ""
    """How near to the law's own text the row was read: primary, official, vendor, policy, …"""
    calendars: tuple[str, ...] = ()
    """Whose public holidays close the windows when `holidays_allowed` is false."""
    closed_on: tuple[str, ...] = ()
    """Days on a state's own list that calendars lack: `11-01`, `easter-47` (see `closures`)."""
    eve_windows: tuple[Window, ...] | None = None
    """What the day before a public holiday has in place of its weekday's; a closed day stays so."""
    ramadan_windows: tuple[Window, ...] | None = None
    """What a day of Ramadan has in place of its weekday's; a closed day stays closed."""
    also_zones: tuple[str, ...] = ()
    """Clocks that a statute names: the windows must hold on these and on the person's own."""
    sector: str | None = None
    """The trade that the row binds alone; it matches for brands that declare it."""
    after_refusal: str = ""
    """How long a refusal silences by this row: `P60D`, `P6M`, `for_ever`; we keep it for ever."""
    beyond: tuple[str, ...] = ()
    """Kinds of contact that the row speaks of and nobody makes here: recorded calls, push."""
    beside: tuple[str, ...] = ()
    """Rows of the same place that are known to speak of the same contacts."""
    seen: str = ""
    """Where the row was read."""

    def __hash__(self) -> int:
        # Rules are cache keys on the hot path; hashing a week of windows each time would cost more
        # than the look-up saves.
        return hash((self.id, self.jurisdiction, self.effective_from, self.effective_to))

    def in_force(self, day: date) -> bool:
        """Whether the row holds on a local date; both of its own dates are inclusive."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


def of_hours(
    id_: str, windows: Week, *, source: str, basis: str = "policy", note: str = ""
) -> Rule:
    """A rule of nothing but its windows: of no law, for every contact, on every day."""
    return Rule(
        id=id_,
        jurisdiction=ANYWHERE,
        channels=tuple(Channel),
        purposes=("any",),
        audience="any",
        windows=windows,
        holidays_allowed=True,
        caps=(),
        effective_from=None,
        effective_to=None,
        basis=basis,
        binding=False,
        source=source,
        confidence="known",
        note=note,
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a place wants a refusal heeded; for the record, since we heed it at once."""

    jurisdiction: str
    channels: tuple[Channel, ...]
    within: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Admission:
    """May contact happen at the instant asked about, and if not, when?

    `next_at` is the earliest admitted instant not before the question, `None` when there is none
    within 400 days. `closes_at` is the end, exclusive, of the admitted stretch that holds
    `next_at`, or the 400th day of it where none is nearer; `None` when no clock binds. Both are in
    UTC.
    """

    allowed: bool
    next_at: datetime | None
    closes_at: datetime | None
    rules: tuple[Rule, ...]
    zones: tuple[str, ...]
