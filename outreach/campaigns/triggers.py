"""What may start a passage? An event, or a day and time for everybody in an audience."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from outreach.campaigns import choosing
from outreach.campaigns.conditions import Whole
from outreach.campaigns.fields import EventType, Moment, WallTime
from outreach.shapes import STRICT

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_LAST_DAY = 31


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


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Something that happens to a person."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event: EventType
    """The type of event that starts it."""
    condition: Whole | None = None
    """What must hold for the event and the person; without one, every such event starts it."""
    once_per: Literal["event", "person"] = "event"
    """Whether a person may pass once for each event, or once in a lifetime."""


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
    EventTrigger: "#event", AudienceTrigger: "#audience", RecurringTrigger: "#every",
}  # fmt: skip


def _kind(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return next((f"#{word}" for word in ("every", "audience") if word in raw), "#event")
    return _TAGS.get(type(raw), "#event")


Trigger: TypeAlias = Annotated[
    Annotated[EventTrigger, Tag("#event")]
    | Annotated[AudienceTrigger, Tag("#audience")]
    | Annotated[RecurringTrigger, Tag("#every")],
    Discriminator(_kind),
]
"""What starts a passage: its first words say which of them it is."""
