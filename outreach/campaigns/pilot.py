"""What is a pilot of a campaign: with whom, until when, what is success, and what stops it?

Written down before anybody is contacted, and the same for as long as the version is live: who
chooses what to look at afterwards always finds something.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from outreach.campaigns.fields import Instant, Share, Span, event_type
from outreach.shapes import STRICT

LONGEST_PILOT = timedelta(days=90)
LONGEST_WINDOW = timedelta(days=90)
WITHDRAWN, COMPLAINED = "withdrawn", "complained"


def _outcome(written: str) -> str:
    return written if written in {WITHDRAWN, COMPLAINED} else event_type(written)


def _window(span: timedelta) -> timedelta:
    if not timedelta() < span <= LONGEST_WINDOW:
        raise ValueError(f"write a span of more than nothing and at most {LONGEST_WINDOW.days} d")
    return span


Outcome = Annotated[str, Field(max_length=80), AfterValidator(_outcome)]
Window = Annotated[Span, AfterValidator(_window)]


@dataclass(frozen=True, slots=True)
class Success:
    """What a pilot is to bring about, held against those whom it left out."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    outcome: Outcome
    """A type of event, `withdrawn` or `complained`."""
    within: Window
    """How long after a person's passage began it counts, at most 90 days."""
    by: Share
    """By how large a share of the people it has to differ at least: 0.02 is from 5 % to 7 %."""
    wanted: Literal["more", "fewer"] = "more"
    """Whether more people are to do it than of those left out, or fewer."""


@dataclass(frozen=True, slots=True)
class StopRule:
    """What ends a pilot before its time: the campaign pauses itself."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    outcome: Outcome
    """A type of event, `withdrawn` or `complained`."""
    within: Window
    """How long after a person's passage began it counts, at most 90 days."""
    over: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] | None = None
    """The share who may do it; without one, no more than of those left out."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot with a share of the people, for a set time."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    share: Share
    """The share of people that may pass."""
    until: Instant
    """When the pilot is over; later events begin no passage, until a newer version is live."""
    success: Annotated[tuple[Success, ...], Field(max_length=5)] = ()
    """What it is to bring about, all of it; whether to widen it then is a person's choice."""
    stops: Annotated[tuple[StopRule, ...], Field(max_length=5)] = ()
    """What pauses the campaign before its time."""

    def __post_init__(self) -> None:
        against = self.success or any(rule.over is None for rule in self.stops)
        if against and self.share >= 1:
            raise ValueError("write a share under 1: success is held against those left out")
        for rules in (self.success, self.stops):
            named = [rule.outcome for rule in rules]
            if twice := sorted({one for one in named if named.count(one) > 1}):
                raise ValueError(f"write each outcome once in a list: {twice[0]} stands twice")
