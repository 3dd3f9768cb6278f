"""What does one pack file say?

A pack is YAML that people review, so it is decoded strictly: an unknown key, a day without a word
about it or a window that cannot be read is refused, naming the file and the row.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from optout.model import Channel, Purpose
from outreach.errors import Invalid, Problem
from outreach.hours.model import MINUTES_A_DAY, AttemptCap, Rule, Week, Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")

Class = Literal["marketing", "survey", "service", "transactional"]
"""What the law calls a contact; a pack maps our purposes to these."""

# Carried for the record, reached by no purpose of ours.
Sector = Literal["marketing_life_insurance", "renewal_property_insurance"]


def _window(text: str) -> Window:
    found = WINDOW.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a window such as 09:00-20:00")
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups() if part)
    opens, closes = hour * 60 + minute, to_hour * 60 + to_minute
    if opens == closes:
        raise ValueError(f"{text!r} ends where it begins; write 00:00-24:00, or no window at all")
    return Window(opens, closes if closes > opens else closes + MINUTES_A_DAY)


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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CapRow(_Strict):
    """At most `max` attempts in so many hours and days."""

    max: int = Field(ge=1)
    hours: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)
    rolling: bool
    scope: str

    def cap(self, rule_id: str) -> AttemptCap:
        """The value of this row."""
        per = timedelta(days=self.days, hours=self.hours)
        return AttemptCap(self.max, per, self.rolling, self.scope, rule_id)


class RuleRow(_Strict):
    """One rule as written."""

    id: str
    jurisdiction: str = Field(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|\*)$")
    channels: tuple[Channel, ...] = Field(min_length=1)
    purposes: tuple[Literal["any"] | Class | Sector, ...] = Field(min_length=1)
    audience: Literal["consumer", "any"]
    windows: Annotated[Week | None, BeforeValidator(_week)]
    holidays_allowed: bool | None
    caps: tuple[CapRow, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
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
    evidence: str
    note: str

    def rule(self) -> Rule:
        """The value of this row; holidays that nothing is known about are not allowed."""
        return Rule(
            id=self.id,
            jurisdiction=self.jurisdiction,
            channels=self.channels,
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
        )


class PackFile(_Strict):
    """One country's file. `calendars` are whose public holidays count when a rule minds them."""

    country: str
    compiled: date
    calendars: tuple[str, ...] = ()
    purposes: Mapping[Purpose, Class] = Field(default_factory=dict)
    rules: tuple[RuleRow, ...]


def read(name: str, text: str) -> PackFile:
    """Decode a pack. Raises `Invalid` with a problem for each thing wrong, by file and row."""
    try:
        document = YAML(typ="safe").load(text)
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
