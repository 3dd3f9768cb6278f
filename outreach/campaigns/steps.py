"""What may stand among a campaign's steps, and which of them come after one of them?

A step is a contact, or what decides which contact comes next: a wait, a branch, a split. What is
written inside a branch or a split comes before what is written behind it, and nothing leads back,
so that every way through a campaign has an end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from optout.model import Channel, Purpose
from outreach.campaigns.conditions import Whole
from outreach.campaigns.fields import EventType, Share, Span, WallTime
from outreach.sentences import Path, clipped, nearest
from outreach.shapes import STRICT, Key

Since: TypeAlias = Literal["trigger", "previous", "wait"]
Same: TypeAlias = Literal["person", "order", "parcel", "contract"]
ContactKind: TypeAlias = Literal["message", "callback", "survey"]
Day: TypeAlias = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday"
]
WEEKDAYS: tuple[Day, ...] = get_args(Day)[:7]
KINDS = ("message", "callback", "survey", "wait", "branch", "split")


def _kind_of_step(written: object) -> object:
    """Whoever writes a kind that is none is told of all of them, and not of one shape's alone."""
    if isinstance(written, str) and written not in KINDS:
        raise ValueError(f"`{clipped(written)}` is not known here{nearest(written, KINDS)}")
    return written


def _unrepeated(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    if len(set(channels)) < len(channels):
        raise ValueError("name each channel once")
    return channels


def _some_day_left(days: tuple[Day, ...]) -> tuple[Day, ...]:
    if set(WEEKDAYS) <= set(days):
        raise ValueError("leave at least one day of the week")
    return days


@dataclass(frozen=True, slots=True)
class Step:
    """One contact: a message, a survey, or a callback that an agent owes."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The step's name within the campaign."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1), AfterValidator(_unrepeated)]
    """Ways to reach the person, the preferred one first."""
    template: Key
    """The key of the text to say."""
    kind: Annotated[Literal["message", "callback", "survey"], BeforeValidator(_kind_of_step)] = (
        "message"
    )
    """A message leaves by itself, a survey is one that asks; a callback is a live call."""
    survey: Key | None = None
    """The survey that a step of that kind asks, or an agent in a callback: by a question of the
    script that bears its name.
    """
    purpose: Purpose | None = None
    """Why this step contacts the person, where it is not the campaign's purpose.

    What asks a survey has `survey` as its own.
    """
    after: Span = timedelta()
    """Elapsed time until this step is due."""
    since: Annotated[Since | None, Field(alias="from")] = None
    """From when that time counts: the event that began the passage, the step before, or the end of
    the wait. By default the end of the last wait or, before any wait, the event.
    """
    at: WallTime | None = None
    """The wall time at which the step is due, the first one not before `after` has passed."""
    not_on: Annotated[tuple[Day, ...], AfterValidator(_some_day_left)] = ()
    """Days on which it is not due, by the person's own calendar; then it is due the next day.

    What was held past its day does not go out on one of these either.
    """
    useful_for: Span = timedelta(days=3)
    """How long after it is due the step is still worth sending; then it is skipped."""
    late: Literal["hold", "drop"] = "hold"
    """What becomes of it when it may not go out as soon as it is due: it waits, or is dropped."""
    condition: Whole | None = None
    """What must hold for this step alone."""
    within_hours: bool = False
    """Bind e-mail to calling hours too; calls and texts always are."""
    invites_calls: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    """The share of those who get it who are expected to call: it goes out no faster than the agents
    on shift can take up these calls, by the pace of their queue.
    """

    def __post_init__(self) -> None:
        calls = Channel.VOICE in self.channels
        if self.kind == "callback" and self.channels != (Channel.VOICE,):
            raise ValueError("a callback is a live call: make its channels `[voice]`")
        if self.kind != "callback" and calls:
            raise ValueError(
                "an agent makes the calls: make the kind `callback`, or remove `voice`"
            )
        if not self.useful_for:
            raise ValueError("make `useful_for` longer than nothing, or the step is never sent")
        if self.kind == "survey" and not self.survey:
            raise ValueError("name the `survey` that this step asks")
        if self.kind == "callback" and self.invites_calls:
            raise ValueError("a callback is the call itself: remove `invites_calls`")
        if self.survey and self.kind == "message":
            raise ValueError("a message asks none: make the kind `survey`, or remove `survey`")

    def serves(self, campaign: Purpose) -> Purpose:
        """Why this step contacts the person, within a campaign of this purpose."""
        return self.purpose or (Purpose.SURVEY if self.survey else campaign)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The event that ends a wait."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event: EventType
    """The type of event that ends the wait."""
    condition: Whole | None = None
    """What must hold for that event and the person."""
    same: Same = "person"
    """Whether any such event of the person will do, or only one about the same thing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The passage waits until something happens, or until it has waited long enough."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The step's name within the campaign."""
    kind: Annotated[Literal["wait"], BeforeValidator(_kind_of_step)]
    """What makes it a wait."""
    until: Awaited
    """What ends it; an event counts from the beginning of the passage or the wait before."""
    at_most: Span
    """How long it lasts without that event, from the instant at which the step before is due."""

    def __post_init__(self) -> None:
        if not self.at_most:
            raise ValueError("make `at_most` longer than nothing, or there is no wait")


Inner: TypeAlias = Annotated[tuple["AnyStep", ...], Field(max_length=50)]
"""Steps that stand inside another one."""


def _one_way_on(steps: Inner, goto: Key | None) -> None:
    if steps and goto:
        raise ValueError("keep one of `steps` and `goto`")


@dataclass(frozen=True, slots=True)
class Else:
    """Where the passage goes when no way's condition holds."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    steps: Inner = ()
    """The steps of this way; then come those behind the branch."""
    goto: Key | None = None
    """The step behind the branch with which to go on, instead of steps of its own."""

    def __post_init__(self) -> None:
        _one_way_on(self.steps, self.goto)


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a branch may take."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    when: Whole
    """What must hold for this way to be taken."""
    steps: Inner = ()
    """The steps of this way; then come those behind the branch."""
    goto: Key | None = None
    """The step behind the branch with which to go on, instead of steps of its own."""

    def __post_init__(self) -> None:
        _one_way_on(self.steps, self.goto)


@dataclass(frozen=True, slots=True)
class Branch:
    """The first way whose condition holds is taken."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The step's name within the campaign."""
    kind: Annotated[Literal["branch"], BeforeValidator(_kind_of_step)]
    """What makes it a branch."""
    ways: Annotated[tuple[Way, ...], Field(min_length=1, max_length=20)]
    """The ways, asked in this order."""
    otherwise: Annotated[Else | None, Field(alias="else")] = None
    """The way when none of their conditions holds; without one, the passage goes on behind it."""
    about: Literal["trigger", "wait"] = "trigger"
    """Which event its conditions ask: the one that began the passage, or the one that ended the
    last wait. That one has no fields when the wait ran out.
    """


@dataclass(frozen=True, slots=True)
class Arm:
    """One share of the people, and what they get."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The arm's name within the split."""
    share: Share
    """The share of the people whose passages take it."""
    steps: Inner = ()
    """The steps of this arm; then come those behind the split."""


@dataclass(frozen=True, slots=True)
class Split:
    """People are parted by a hash, to compare what is done with them."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The step's name within the campaign; the same name parts people in the same way."""
    kind: Annotated[Literal["split"], BeforeValidator(_kind_of_step)]
    """What makes it a split."""
    arms: Annotated[tuple[Arm, ...], Field(min_length=2, max_length=20)]
    """The arms, whose shares add up to 1."""

    def __post_init__(self) -> None:
        if abs(sum(arm.share for arm in self.arms) - 1) > 1e-9:  # noqa: PLR2004  # a rounding
            raise ValueError("make the shares of the arms add up to 1")
        if len({arm.key for arm in self.arms}) < len(self.arms):
            raise ValueError("name each arm differently")


_SHAPES = {"wait": Wait, "branch": Branch, "split": Split}
_MARKS = {"until": "#wait", "ways": "#branch", "arms": "#split"}


def _kind(raw: Any) -> str:  # whatever somebody wrote
    """Which shape a step is read as; where its kind is none, by what else is written in it."""
    if not isinstance(raw, Mapping):
        return next(
            (f"#{kind}" for kind, one in _SHAPES.items() if isinstance(raw, one)), "#contact"
        )
    kind = raw.get("kind", "message")
    if kind in KINDS:
        return f"#{kind}" if kind in _SHAPES else "#contact"
    return next((tag for mark, tag in _MARKS.items() if mark in raw), "#contact")


AnyStep: TypeAlias = Annotated[
    Annotated[Wait, Tag("#wait")]
    | Annotated[Branch, Tag("#branch")]
    | Annotated[Split, Tag("#split")]
    | Annotated[Step, Tag("#contact")],
    Discriminator(_kind),
]


def placed(steps: Sequence[AnyStep], *, at: Path = ("steps",)) -> Iterator[tuple[Path, AnyStep]]:
    """Every step with its path in the document, in the order in which they are written."""
    for index, step in enumerate(steps):
        yield (*at, index), step
        for path, inner in _inside(step):
            yield from placed(inner, at=(*at, index, *path, "steps"))


def following(steps: Sequence[AnyStep], key: str) -> tuple[AnyStep, ...]:
    """What comes after this step if nothing branches off; nothing when there is no such step."""
    return _following(steps, key, ()) or ()


def onwards(steps: Sequence[AnyStep], key: str) -> tuple[AnyStep, ...]:
    """The step of this name and what comes after it; nothing when there is no such step."""
    return tuple(step for _, step in placed(steps) if step.key == key) + following(steps, key)


def _following(
    steps: Sequence[AnyStep], key: str, then: tuple[AnyStep, ...]
) -> tuple[AnyStep, ...] | None:
    for index, step in enumerate(steps):
        rest = (*steps[index + 1 :], *then)
        if step.key == key:
            return rest
        for _, inner in _inside(step):
            if (found := _following(inner, key, rest)) is not None:
                return found
    return None


def _inside(step: AnyStep) -> Iterator[tuple[Path, tuple[AnyStep, ...]]]:
    """The lists of steps that stand in this one."""
    match step:
        case Branch():
            yield from ((("ways", number), way.steps) for number, way in enumerate(step.ways))
            if step.otherwise:
                yield ("else",), step.otherwise.steps
        case Split():
            yield from ((("arms", number), arm.steps) for number, arm in enumerate(step.arms))
