"""What does a scorecard ask about a call, and how good was it then? Pure.

A document of the brand's or the agency's: questions with the points that each is worth. One that is
`vital` and got nothing makes the call worth nothing, however polite it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

from outreach import documents
from outreach.callbacks.document import Names, once
from outreach.errors import Invalid, Problem
from outreach.shapes import STRICT, Key


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The question's name within the scorecard."""
    ask: Names
    """The question, by locale."""
    points: Annotated[int, Field(ge=1, le=100, strict=True)]
    """What it is worth at best."""
    vital: bool = False
    """Whether nothing here makes the whole call worth nothing."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What a lead looks at in a call."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The scorecard's name."""
    name: Names
    """The same for people, by locale."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=50)]
    """What is looked at."""

    def __post_init__(self) -> None:
        once("question", [question.key for question in self.questions])

    @property
    def best(self) -> int:
        """The points of a call that could not have been better."""
        return sum(question.points for question in self.questions)


@lru_cache(maxsize=1)
def _shape() -> TypeAdapter[Scorecard]:
    return TypeAdapter(Scorecard)


def read(text: str, name: str = "scorecard") -> Scorecard:
    """The scorecard of this document. Raises `Invalid` with every problem at its line."""
    return documents.read(text, _shape(), name=name)


def share(card: Scorecard, points: Mapping[str, int]) -> float:
    """How good the call was, from 0 to 1. Raises `Invalid` with each question that is not answered
    within its points, and each that is none.
    """
    problems = [
        Problem(question.key, f"give it 0 to {question.points} points")
        for question in card.questions
        if not 0 <= points.get(question.key, -1) <= question.points
    ]
    strange = points.keys() - {question.key for question in card.questions}
    problems += [Problem(key, "this scorecard does not ask that") for key in sorted(strange)]
    if problems:
        raise Invalid("; ".join(map(str, problems)), problems=problems)
    if any(question.vital and not points[question.key] for question in card.questions):
        return 0.0
    return sum(points.values()) / card.best
