"""What does one pack file say?

A pack is YAML that people review, so it is decoded strictly: an unknown key, a day without a word
about it or a window that cannot be read is refused, naming the file and the row.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from optout.model import Channel, Purpose
from outreach.errors import Invalid, Problem
from outreach.hours import closures, pack_lines
from outreach.hours.model import MINUTES_A_DAY, AttemptCap, Deadline, Rule, Week, Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")

Class = Literal["marketing", "survey", "service", "transactional"]
"""What the law calls a contact; a pack maps our purposes to these."""

# Carried for the record: no purpose and no channel of ours is called so.
OtherPurpose = Literal["review_request", "collection"]
OtherChannel = Literal["voice_automated", "push"]


def _window(text: str) -> Window:
    found = WINDOW.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a window such as 09:00-20:00")
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups() if part)
    opens, closes = hour * 60 + minute, to_hour * 60 + to_minute
    if opens == closes:
        raise ValueError(f"{text!r} ends where it begins; write 00:00-24:00, or no window at all")
    return Window(opens, closes if closes > opens else closes + MINUTES_A_DAY)


def _windows(written: object) -> object:
    """The windows of one day from `["09:00-12:00", "14:00-20:00"]`."""
    if not isinstance(written, list):
        return written
    return tuple(sorted(_window(str(text)) for text in written))


def _days(name: str) -> Iterator[int]:
    first, _, last = name.partition("-")
    if first not in DAYS or (last or first) not in DAYS[DAYS.index(first) :]:
        raise ValueError(f"{name!r} is not a day or a run of days such as mon-fri")
    return iter(range(DAYS.index(first), DAYS.index(last or first) + 1))


def _week(written: object) -> object:
    """Seven days of windows from `{mon-fri: ["09:00-20:00"], sat-sun: []}`."""
    if not isinstance(written, Mapping):
        return written
    said: dict[int, tuple[Window, ...]] = {}
    for name, windows in written.items():
        for day in _days(str(name)):
            if day in said:
                raise ValueError(f"{DAYS[day]} is said twice")
            said[day] = tuple(sorted(_window(str(text)) for text in windows))
    if missing := [DAYS[day] for day in range(7) if day not in said]:
        raise ValueError(f"nothing is said about {', '.join(missing)}; write [] for a closed day")
    return tuple(said[day] for day in range(7))


def _listed_day(text: str) -> str:
    if closures.DAY.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a day such as 11-01 or easter-47")
    return text


WeekOfWindows = Annotated[Week, BeforeValidator(_week)]
Windows = Annotated[tuple[Window, ...] | None, BeforeValidator(_windows)]
ListedDay = Annotated[str, AfterValidator(_listed_day)]
JURISDICTION = r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|\*)$"


class Strict(BaseModel):
    """A document that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CapRow(Strict):
    """At most `max` attempts in so many hours and days."""

    max: int = Field(ge=1)
    hours: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    rolling: bool
    scope: str
    counts: Literal["attempts", "contacts", "channels"] = "attempts"

    def cap(self, rule_id: str) -> AttemptCap:
        """The value of this row."""
        per = timedelta(days=self.days, hours=self.hours)
        return AttemptCap(self.max, per, self.rolling, self.scope, rule_id, self.counts)


class RuleRow(Strict):
    """One rule as written."""

    id: str
    jurisdiction: str = Field(pattern=JURISDICTION)
    channels: tuple[Channel | OtherChannel, ...] = Field(min_length=1)
    purposes: tuple[Literal["any"] | Class | OtherPurpose, ...] = Field(min_length=1)
    sector: str | None = Field(default=None, pattern=r"^[a-z_]+$")
    audience: Literal["consumer", "any"]
    windows: WeekOfWindows | None
    eve_windows: Windows = None
    ramadan_windows: Windows = None
    also_zones: tuple[str, ...] = ()
    holidays_allowed: bool | None
    calendars: tuple[str, ...] = ()
    closed_on: tuple[ListedDay, ...] = ()
    caps: tuple[CapRow, ...] = ()
    after_refusal: str = Field(default="", pattern=r"^(|P\d+[DM]|for_ever)$")
    effective_from: date | None = None
    effective_to: date | None = None
    beside: tuple[str, ...] = ()
    basis: Literal[
        "statute",
        "regulation",
        "regulator_guidance",
        "self_regulation",
        "carrier_or_vendor",
        "custom",
        "none_found",
        "policy",
    ]
    binding: bool
    source: str
    confidence: Literal["verified", "known"]
    evidence: Literal[
        "primary",
        "official",
        "secondary_quoting_primary",
        "secondary",
        "vendor",
        "general_knowledge",
        "policy",
    ]
    seen: str = ""
    note: str = ""

    def rule(self) -> Rule:
        """The value of this row; holidays that nothing is known about are not allowed."""
        return Rule(
            id=self.id,
            jurisdiction=self.jurisdiction,
            channels=tuple(name for name in self.channels if isinstance(name, Channel)),
            purposes=tuple(self.purposes),
            audience=self.audience,
            windows=self.windows,
            holidays_allowed=bool(self.holidays_allowed),
            caps=tuple(row.cap(self.id) for row in self.caps),
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            basis=self.basis,
            binding=self.binding,
            source=self.source,
            confidence=self.confidence,
            note=self.note,
            evidence=self.evidence,
            calendars=self.calendars,
            closed_on=self.closed_on,
            eve_windows=self.eve_windows,
            ramadan_windows=self.ramadan_windows,
            also_zones=self.also_zones,
            sector=self.sector,
            after_refusal=self.after_refusal,
            beyond=tuple(name for name in self.channels if not isinstance(name, Channel)),
            beside=self.beside,
            seen=self.seen,
        )


class DeadlineRow(Strict):
    """Until when a refusal must be heeded, as written; we heed it at once."""

    jurisdiction: str = Field(pattern=JURISDICTION)
    channels: tuple[Channel, ...] = Field(min_length=1)
    within: str
    source: str
    confidence: Literal["verified", "known"]
    note: str = ""

    def deadline(self) -> Deadline:
        """The value of this row."""
        return Deadline(**self.model_dump())


class PackFile(Strict):
    """One country's file.

    `calendars` are whose public holidays count when a rule of the country minds them,
    `calendars_unplaced` whose count as well as long as nobody knows the subdivision.
    """

    country: str
    compiled: date
    calendars: tuple[str, ...] = ()
    calendars_unplaced: tuple[str, ...] = ()
    purposes: Mapping[Purpose, Class] = Field(default_factory=dict)
    rules: tuple[RuleRow, ...]
    deadlines: tuple[DeadlineRow, ...] = ()


def read(name: str, text: str) -> PackFile:
    """Decode a pack. Raises `Invalid` with a problem for each thing wrong, by file and row."""
    try:
        document = pack_lines.read(text) or YAML(typ="safe").load(text)
        return PackFile.model_validate(document)
    except MarkedYAMLError as error:
        raise Invalid(f"{name} is not YAML: {error}") from error
    except ValidationError as error:
        problems = [
            Problem(f"{name}: {_path(document, found['loc'])}", found["msg"])
            for found in error.errors()
        ]
        raise Invalid("; ".join(str(problem) for problem in problems), problems=problems) from error


def _path(document: object, loc: tuple[int | str, ...]) -> str:
    """`US-FL-1.windows` rather than `rules.3.windows`: people know rows by their ids."""
    match loc:
        case ("rules", int(index), *rest) if isinstance(document, Mapping):
            row = document["rules"][index]
            name = row.get("id") if isinstance(row, Mapping) else None
            return ".".join(str(part) for part in (name or f"rule {index + 1}", *rest))
    return ".".join(str(part) for part in loc)
