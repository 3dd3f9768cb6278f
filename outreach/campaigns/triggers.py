"""What may start a passage? An event, or a day and time for everybody in an audience."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from outreach.campaigns import choosing
from outreach.campaigns.catalogue import BIRTHDAY
from outreach.campaigns.conditions import Whole
from outreach.campaigns.fields import Days, EventType, Moment, Span, WallTime
from outreach.shapes import STRICT

_DATE = re.compile(r"person\.(birthday|dates\.[a-z][a-z0-9_]*)|(contract|warranty|trial)\.ends_on")
Holiday = Literal[
    "new_year", "spring_festival", "easter", "eid_al_fitr", "eid_al_adha", "dragon_boat",
    "mid_autumn", "national_day", "thanksgiving", "diwali", "christmas",
]  # fmt: skip
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_LAST_DAY = 31


def _date_name(written: str) -> str:
    if not _DATE.fullmatch(written):
        raise ValueError(
            "write `person.birthday`, `person.dates.NAME`, or the `ends_on` of contract, warranty "
            "or trial"
        )
    return written


def _who(written: Any) -> str:
    return "#everybody" if isinstance(written, str) else "#condition"


def _listed(written: Any) -> Any:
    return [written] if isinstance(written, str | int) else written


Audience: TypeAlias = Annotated[
    Annotated[Literal["all"], Tag("#everybody")]
    | Annotated[Whole, AfterValidator(choosing.checked), Tag("#condition")],
    Discriminator(_who),
]
"""All of the brand's people, or those of whom a condition holds; nobody else is a candidate."""

Occasion = Literal["occasion", "person"]
"""Whether a person may pass on each occasion, or once in a lifetime."""

OncePer = Literal["event", "person", "order", "parcel", "contract", "cart"]
"""Of what a person may pass once. An event that does not name such a thing counts by itself."""

EventTypes: TypeAlias = Annotated[tuple[EventType, ...], BeforeValidator(_listed)]
"""One type of event, or several."""


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Something that happens to a person."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event: EventType
    """The type of event that starts it."""
    condition: Whole | None = None
    """What must hold for the event and the person; without one, every such event starts it."""
    quiet_for: Span | None = None
    """How long nothing of the kind may happen to the same thing first; each time begins it anew."""
    unless: EventTypes = ()
    """Types of event, one or several, that keep it from starting while it waits for quiet."""
    once_per: OncePer = "event"
    """Whether a person may pass for each event, once for each such thing, or once in a lifetime."""
    again_after: Span | None = None
    """How far apart passages of one person begin at least; with `once_per: person` they recur."""

    def __post_init__(self) -> None:
        if self.unless and self.quiet_for is None:
            raise ValueError("`unless` counts while it waits: write `quiet_for: 3 h` beside it")


@dataclass(frozen=True, slots=True)
class DateTrigger:
    """A date of a person's own: a birthday, the end of a contract or a warranty."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    date: Annotated[str, AfterValidator(_date_name)]
    """`person.birthday`, `person.dates.NAME`, or `ends_on` of a contract, warranty or trial."""
    offset: Days = 0
    """How many days before, with a minus, or after the date; later steps count from there."""
    at: WallTime | None = None
    """The time on the person's clock; without it the day begins at midnight."""
    yearly: bool = False
    """Whether it comes round each year, as birthdays do; 29 February is then kept on the 28th."""
    condition: Whole | None = None
    """What must hold for the person, and for what the date's event said, as `event.data`."""
    once_per: Occasion = "occasion"
    """Whether a person may pass for each date, or once in a lifetime."""
    again_after: ClassVar[None] = None  # each date of a person's own counts

    @property
    def each_year(self) -> bool:
        """Whether the day and month are meant, and not the year."""
        return self.yearly or self.date == BIRTHDAY


@dataclass(frozen=True, slots=True)
class HolidayTrigger:
    """A festival of the calendar by which the person lives."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    holiday: Holiday
    """The festival; each person's own calendar says when it is kept."""
    offset: Days = 0
    """How many days before, with a minus, or after it."""
    at: WallTime | None = None
    """The time on the person's clock; without it the day begins at midnight."""
    otherwise: Literal["shift", "skip"] = "shift"
    """Where the day leaves no lawful hour: come as soon as there is one, or leave it."""
    observed_by: Annotated[Whole, AfterValidator(choosing.checked)] | None = None
    """Who keeps it, also where the calendar lacks it; without it, all whose calendar has it."""
    once_per: Occasion = "occasion"
    """Whether a person may pass each year, or once in a lifetime."""
    again_after: ClassVar[None] = None  # a festival is far enough from the next
    condition: ClassVar[None] = None  # whoever does not keep it is no candidate


@dataclass(frozen=True, slots=True)
class AudienceTrigger:
    """Everybody in an audience, once."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    audience: Audience
    """`all` of the brand's people, or a condition over the person."""
    at: Moment
    """When, on each person's own clock; with an offset it is one instant for all."""
    condition: ClassVar[None] = None  # whoever is not in the audience is no candidate
    once_per: ClassVar[Occasion] = "occasion"
    again_after: ClassVar[None] = None  # it comes once


@dataclass(frozen=True, slots=True)
class RecurringTrigger:
    """Everybody in an audience, every day, week or month; who is in it is asked each time."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    audience: Audience
    """`all` of the brand's people, or a condition over the person."""
    every: Literal["day", "week", "month"]
    """How often it comes round."""
    at: WallTime
    """The time on each person's own clock."""
    on: Annotated[
        tuple[Weekday | Annotated[int, Field(ge=1, le=_LAST_DAY, strict=True)], ...],
        BeforeValidator(_listed),
    ] = ()
    """Days of the week, or of the month; a month without such a day has its last one instead."""
    once_per: Occasion = "occasion"
    """Whether a person may pass each time it comes round, or once in a lifetime."""
    again_after: Span | None = None
    """How far apart passages of one person begin at least; with `once_per: person` they recur."""
    condition: ClassVar[None] = None  # as above

    def __post_init__(self) -> None:
        wanted = {"day": None, "week": str, "month": int}[self.every]
        if wanted is None and self.on:
            raise ValueError("every day needs no `on`: remove it")
        if wanted and not (self.on and all(isinstance(day, wanted) for day in self.on)):
            example = "`on: monday`" if self.every == "week" else "`on: 15`"
            raise ValueError(f"every {self.every} needs its days: write {example}")

    def falls_on(self, day: date) -> bool:
        """Whether it comes round on this day."""
        if self.every == "day":
            return True
        if self.every == "week":
            return WEEK[day.weekday()] in self.on
        return day.day in self.on or (_ends_a_month(day) and max(map(int, self.on)) > day.day)


def _ends_a_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


_TAGS: Mapping[type, str] = {
    EventTrigger: "#event", DateTrigger: "#date", HolidayTrigger: "#holiday",
    AudienceTrigger: "#audience", RecurringTrigger: "#every",
}  # fmt: skip


_WORDS = ("every", "audience", "date", "holiday")


def _kind(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return next((f"#{word}" for word in _WORDS if word in raw), "#event")
    return _TAGS.get(type(raw), "#event")


Trigger: TypeAlias = Annotated[
    Annotated[EventTrigger, Tag("#event")]
    | Annotated[DateTrigger, Tag("#date")]
    | Annotated[HolidayTrigger, Tag("#holiday")]
    | Annotated[AudienceTrigger, Tag("#audience")]
    | Annotated[RecurringTrigger, Tag("#every")],
    Discriminator(_kind),
]
"""What starts a passage: its first words say which of them it is."""
