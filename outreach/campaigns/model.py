"""What is a campaign? An event that starts it, the steps that follow, and what ends it early."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field

from optout.model import Purpose
from outreach.campaigns.conditions import Whole
from outreach.campaigns.fields import Share, Span, event_type
from outreach.campaigns.pilot import Pilot
from outreach.campaigns.steps import AnyStep, Branch, Same, Step, following, placed
from outreach.campaigns.triggers import Trigger
from outreach.shapes import STRICT, Key, Locale

WITHDRAWN = "withdrawn"
MOST_STEPS = 50
LONGEST_CAP = timedelta(days=366)
LONGEST_GUARD = timedelta(days=30)


def _remembered(span: timedelta) -> timedelta:
    if not timedelta() < span <= LONGEST_CAP:
        raise ValueError(f"write a span of more than nothing and at most {LONGEST_CAP.days} d")
    return span


def _ends_it(written: str) -> str:
    return written if written == WITHDRAWN else event_type(written)


@dataclass(frozen=True, slots=True)
class Exit:
    """What ends a passage early and cancels what is still planned in it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event: Annotated[str, Field(max_length=80), AfterValidator(_ends_it)]
    """The type of event that ends it, or `withdrawn`: the person wants no more of its purpose."""
    same: Same = "person"
    """Whether any such event of the person ends it, or only one about the same thing."""
    condition: Whole | None = None
    """What must hold for the event that ends it, and for the person."""

    def __post_init__(self) -> None:
        if self.event == WITHDRAWN and (self.condition or self.same != "person"):
            raise ValueError("`withdrawn` is said of a person: remove `same` and `condition`")


@dataclass(frozen=True, slots=True)
class CampaignCap:
    """How often this campaign may contact one person, in all their passages together."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    max: Annotated[int, Field(ge=1, le=1000, strict=True)]
    """At most so many contacts."""
    per: Annotated[Span, AfterValidator(_remembered)]
    """In any span of this length, at most 366 days."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """A careful start: a few are looked at, then a share, then everybody.

    Each `outreach campaigns release` goes one step on.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    first: Annotated[int, Field(ge=1, le=1000, strict=True)]
    """How many passages begin, and wait for somebody's glance before their first contact."""
    then: Share
    """The share of people that may pass after the first release; after the second, all."""


@dataclass(frozen=True, slots=True)
class Guardrails:
    """From which rates on the campaign pauses itself, once they are exceeded beyond doubt."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    opt_outs: Share | None = None
    """The share of the people contacted who may refuse anything within the time."""
    complaints: Share | None = None
    """The share of the people contacted who may call it spam within the time."""
    within: Span = timedelta(days=1)
    """How long after its first contact of a person what they do counts, at most 30 days."""

    def __post_init__(self) -> None:
        if self.opt_outs is None and self.complaints is None:
            raise ValueError("write `opt_outs`, `complaints` or both")
        if 1 in {self.opt_outs, self.complaints}:
            raise ValueError("write a share under 1: more than all never do it")
        if not timedelta() < self.within <= LONGEST_GUARD:
            raise ValueError(
                f"make `within` longer than nothing and at most {LONGEST_GUARD.days} d"
            )


@dataclass(frozen=True)  # without slots, so that it may remember its contacts
class Campaign:
    """What should happen, for whom, and when it stops."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The campaign's name, the same in all its versions."""
    name: Annotated[Mapping[Locale, Annotated[str, Field(min_length=1)]], Field(min_length=1)]
    """What people call it, by locale."""
    purpose: Purpose
    """Why it contacts people; the law's class at their place follows from it."""
    trigger: Trigger
    """What starts a passage."""
    steps: Annotated[tuple[AnyStep, ...], Field(min_length=1, max_length=MOST_STEPS)]
    """The contacts, each with its own delay, and what decides which of them come next."""
    exits: tuple[Exit, ...] = ()
    """What ends a passage early."""
    priority: Annotated[int, Field(ge=0, le=100, strict=True)] = 50
    """Which of several due touches goes first: 100 before 0."""
    value: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)
    """What one contact is worth, in the brand's currency; it settles equal priority."""
    holdout: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    """The share of people left alone to measure what the campaign does: the same ones each time."""
    caps: Annotated[tuple[CampaignCap, ...], Field(max_length=10)] = ()
    """How often it may contact one person, beside the caps of the brand and the law."""
    pilot: Pilot | None = None
    """A pilot with a share of the people; without one, everybody may pass."""
    ramp: Ramp | None = None
    """A careful start of each version; without one, it goes live for everybody at once."""
    guardrails: Guardrails | None = None
    """When it pauses by itself; without them, only somebody pauses it."""

    def __post_init__(self) -> None:
        every = [step for _, step in placed(self.steps)]
        keys = [step.key for step in every]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"name each step differently: {', '.join(twice)} stands twice")
        if len(every) > MOST_STEPS:
            raise ValueError(f"write at most {MOST_STEPS} steps, those inside branches among them")
        if not self.contacts:
            raise ValueError("write at least one step that contacts somebody")
        if lost := [goto for step in every for goto in self._lost(step)]:
            raise ValueError(f"`goto` leads to a step behind its branch: {lost[0]} is none")

    @cached_property
    def contacts(self) -> tuple[Step, ...]:
        """The steps that contact somebody, as written; a touch names its own by its place here."""
        return tuple(step for _, step in placed(self.steps) if isinstance(step, Step))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The places of these steps, by their keys."""
        return {step.key: number for number, step in enumerate(self.contacts)}

    @cached_property
    def straight(self) -> bool:
        """Whether it is contacts alone: what comes next then depends on nothing that happens."""
        return all(isinstance(step, Step) for step in self.steps)

    def _lost(self, step: AnyStep) -> list[str]:
        """Where this branch would go and cannot."""
        if not isinstance(step, Branch):
            return []
        wanted = [way.goto for way in step.ways] + [step.otherwise.goto if step.otherwise else None]
        behind = {one.key for one in following(self.steps, step.key)}
        return [goto for goto in wanted if goto and goto not in behind]
