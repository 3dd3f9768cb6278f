"""What is a survey? A question on a scale, what may be asked beside it, and how long it is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

from outreach.shapes import STRICT, Key, Locale
from outreach.surveys.scales import SCALES, Scale

Kind: TypeAlias = Literal["nps", "csat", "ces", "choice", "comment"]


Topic: TypeAlias = Literal["damage", "logistics", "replacement", "exchange", "return", "repair"]


def _one_line(written: str) -> str:
    if not written.isprintable():
        raise ValueError("write this in one line, without control characters")
    return written


Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_one_line)]
Spoken: TypeAlias = Annotated[Mapping[Locale, Line], Field(min_length=1)]
"""The same thing in each language that the survey speaks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a question offers."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """What is kept when it is chosen."""
    say: Spoken
    """What the person reads."""
    case: Topic | None = None
    """What the case is about that is raised when it is chosen, if one is."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The question's name within the survey."""
    kind: Kind
    """`nps` is answered from 0 to 10, `csat` from 1 to 5, `ces` from 1 to 7; `choice` offers
    answers, a `comment` is written.
    """
    ask: Spoken
    """The question."""
    lowest: Spoken | None = None
    """What the lowest answer of a scale means."""
    highest: Spoken | None = None
    """What the highest answer of a scale means."""
    choices: Annotated[tuple[Choice, ...], Field(max_length=20)] = ()
    """The answers that a choice offers."""

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a `choice` has `choices`, and nothing else has any")
        if len({choice.key for choice in self.choices}) < len(self.choices):
            raise ValueError("name each choice differently")
        if self.scale is None and (self.lowest or self.highest):
            raise ValueError("only a scale has ends: remove `lowest` and `highest`")

    @property
    def scale(self) -> Scale | None:
        """What it is answered on, if that is a scale."""
        return SCALES.get(self.kind)

    def texts(self) -> Iterator[Mapping[str, str]]:
        """Everything that it says, in each language."""
        yield self.ask
        yield from (said for said in (self.lowest, self.highest) if said)
        yield from (choice.say for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is asked, question first, and what follows from the answer."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The name by which steps refer to it."""
    name: Spoken
    """What people who work here call it."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=10)]
    """The first is answered by one tap and is on a scale; the others may be left out."""
    thanks: Spoken
    """What is said to everybody who answered, whatever the answer."""
    open_days: Annotated[int, Field(ge=1, le=90, strict=True)] = 30
    """How many days after it was asked the question can be answered."""
    call_within_hours: Annotated[int, Field(ge=1, le=24 * 30, strict=True)] | None = None
    """Within how many hours somebody is to have reached whoever answered low."""
    review: bool = False
    """Show the brand's public review link to everybody who answered: to all, whatever they said
    (16 CFR 465.4; FTC, "Soliciting and Paying for Online Reviews").
    """

    def __post_init__(self) -> None:
        if self.questions[0].scale is None:
            raise ValueError("begin with a question on a scale: `nps`, `csat` or `ces`")
        if len({question.key for question in self.questions}) < len(self.questions):
            raise ValueError("name each question differently")
        for texts in (self.thanks, *(text for one in self.questions for text in one.texts())):
            if missing := sorted(self.languages - texts.keys()):
                first = next(iter(texts.values()))
                raise ValueError(f"say {first!r} in {', '.join(missing)} too, as the question is")

    @property
    def first(self) -> Question:
        """The question that is answered by one tap."""
        return self.questions[0]

    @property
    def scale(self) -> Scale:
        """What the first question is answered on."""
        return SCALES[self.first.kind]

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it speaks."""
        return frozenset(self.first.ask)

    @property
    def open_for(self) -> timedelta:
        """How long it can be answered."""
        return timedelta(days=self.open_days)

    @property
    def promise(self) -> timedelta | None:
        """Within what time whoever answered low is to be reached."""
        hours = self.call_within_hours
        return None if hours is None else timedelta(hours=hours)


def spoken(texts: Mapping[str, str], locale: str) -> str:
    """The text in this language or the nearest to it, or else in the first that there is."""
    language = locale.partition("-")[0].lower()
    near = (text for name, text in texts.items() if name.partition("-")[0].lower() == language)
    return texts.get(locale) or next(near, next(iter(texts.values())))
