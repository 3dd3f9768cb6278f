"""What is a campaign? An event that starts it, the steps that follow, and what ends it early."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from optout.model import Channel, Purpose
from outreach.campaigns.conditions import Whole
from outreach.campaigns.fields import EventType, Instant, Share, Span, WallTime
from outreach.campaigns.triggers import Trigger
from outreach.shapes import STRICT, Key, Locale


def _unrepeated(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    if len(set(channels)) < len(channels):
        raise ValueError("name each channel once")
    return channels


@dataclass(frozen=True, slots=True)
class Step:
    """One contact: a message, or a callback that an agent owes."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The step's name within the campaign."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1), AfterValidator(_unrepeated)]
    """Ways to reach the person, the preferred one first."""
    template: Key
    """The key of the text to say."""
    kind: Literal["message", "callback"] = "message"
    """A message leaves by itself; a callback is a live call by an agent."""
    purpose: Purpose | None = None
    """Why this step contacts the person, where it is not the campaign's purpose."""
    after: Span = timedelta()
    """Elapsed time between the event and this step."""
    at: WallTime | None = None
    """The wall time at which the step is due, the first one not before `after` has passed."""
    useful_for: Span = timedelta(days=3)
    """How long after it is due the step is still worth sending; then it is skipped."""
    condition: Whole | None = None
    """What must hold for this step alone."""
    within_hours: bool = False
    """Bind e-mail to calling hours too; calls and texts always are."""

    def __post_init__(self) -> None:
        calls = Channel.VOICE in self.channels
        if self.kind == "callback" and self.channels != (Channel.VOICE,):
            raise ValueError("a callback is a live call: make its channels `[voice]`")
        if self.kind == "message" and calls:
            raise ValueError(
                "an agent makes the calls: make the kind `callback`, or remove `voice`"
            )
        if not self.useful_for:
            raise ValueError("make `useful_for` longer than nothing, or the step is never sent")


@dataclass(frozen=True, slots=True)
class Exit:
    """What ends a passage early and cancels what is still planned in it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event: EventType
    """The type of event that ends it."""
    same: Literal["person", "order"] = "person"
    """Whether any such event of the person ends it, or only one about the same order."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """A trial with a share of the people, for a set time."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    share: Share
    """The share of people that may pass."""
    until: Instant
    """When the trial is over; later events begin no passage, until a newer version is live."""


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
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=50)]
    """The contacts, each with its own delay from the event."""
    exits: tuple[Exit, ...] = ()
    """What ends a passage early."""
    priority: Annotated[int, Field(ge=0, le=100, strict=True)] = 50
    """Which of several due touches goes first: 100 before 0."""
    value: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)
    """What one contact is worth, in the brand's currency; it settles equal priority."""
    holdout: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    """The share of people left alone to measure what the campaign does, from 0 to 1."""
    pilot: Pilot | None = None
    """A trial with a share of the people; without one, everybody may pass."""
    ramp: Ramp | None = None
    """A careful start of each version; without one, it goes live for everybody at once."""

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"name each step differently: {', '.join(twice)} stands twice")
