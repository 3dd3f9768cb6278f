"""What does an agent say, ask and do in a call, in which order, and what must not be left out?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

from outreach.shapes import STRICT, Key
from outreach.templates import sandbox

END = "end"
"""Where an answer leads that ends the call."""

_SAID = {
    "en": {"required": "must be asked", "go": "go on with {}", "end": "end the call"},
    "zh": {"required": "必问", "go": "转到第{}项", "end": "结束通话"},
}

Said: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(sandbox.check)]
"""A text with holes, checked when it is read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person may answer, and what then."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    when: Said
    """What the person says or wants, in a few words."""
    say: Said | None = None
    """What the agent says or does then."""
    then: Key | None = None
    """The question that follows, or `end`; without it, the next one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    """The question's name within the script."""
    ask: Said
    """The question as it is put."""
    required: bool = False
    """Whether it must be asked in every call that comes so far."""
    answers: tuple[Answer, ...] = ()
    """What may be answered, and what then."""


@dataclass(frozen=True, slots=True)
class Script:
    """The course of a call."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    opening: Said
    """Who calls and why, and whether the moment is good."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=20)]
    """What is asked, in this order."""
    closing: Said
    """The last words."""
    unwelcome: Said | None = None
    """What the agent does when the person does not want such calls."""

    def __post_init__(self) -> None:
        keys = [question.key for question in self.questions]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"name each question differently: {', '.join(twice)} stands twice")
        if END in keys:
            raise ValueError(f"call a question something else than `{END}`: that ends the call")
        if lost := sorted(_targets(self) - {*keys, END}):
            raise ValueError(f"no question is called {', '.join(lost)}: `then` names a question")


def source(script: Script, *, locale: str) -> str:
    """The script as one text with holes, numbered, with its branches, in the locale's language."""
    words = _SAID.get(locale.partition("-")[0], _SAID["en"])
    numbers = {question.key: at for at, question in enumerate(script.questions, 1)}
    asked = (_question(question, numbers, words) for question in script.questions)
    parts = [script.opening, *asked, script.unwelcome, script.closing]
    return "\n\n".join(part.strip() for part in parts if part)


def pieces(script: Script) -> Iterator[tuple[str, str]]:
    """Every text of the script with where it stands, such as `questions.0.ask`."""
    yield "opening", script.opening
    for at, question in enumerate(script.questions):
        yield f"questions.{at}.ask", question.ask
        for number, answer in enumerate(question.answers):
            yield f"questions.{at}.answers.{number}.when", answer.when
            if answer.say:
                yield f"questions.{at}.answers.{number}.say", answer.say
    yield "closing", script.closing
    if script.unwelcome:
        yield "unwelcome", script.unwelcome


def filled(script: Script, fill: Callable[[str], str]) -> Script:
    """The same course with each of its texts as `fill` makes it; keys and ways stay."""
    return replace(
        script,
        opening=fill(script.opening),
        questions=tuple(_asked(question, fill) for question in script.questions),
        closing=fill(script.closing),
        unwelcome=fill(script.unwelcome) if script.unwelcome else None,
    )


def _asked(question: Question, fill: Callable[[str], str]) -> Question:
    answers = tuple(
        replace(one, when=fill(one.when), say=fill(one.say) if one.say else None)
        for one in question.answers
    )
    return replace(question, ask=fill(question.ask), answers=answers)


def _question(question: Question, numbers: dict[str, int], words: dict[str, str]) -> str:
    mark = f" [{words['required']}]" if question.required else ""
    lines = [f"{numbers[question.key]}. {question.ask.strip()}{mark}"]
    return "\n".join([*lines, *(_answer(answer, numbers, words) for answer in question.answers)])


def _answer(answer: Answer, numbers: dict[str, int], words: dict[str, str]) -> str:
    goes = _leads(answer.then, numbers, words)
    said = ": ".join(part.strip() for part in (answer.when, answer.say) if part)
    return f"   - {said}{goes}"


def _leads(then: str | None, numbers: dict[str, int], words: dict[str, str]) -> str:
    if then is None:
        return ""
    return f" → {words['end'] if then == END else words['go'].format(numbers[then])}"


def _targets(script: Script) -> set[str]:
    return set(_leading(script))


def _leading(script: Script) -> Iterator[str]:
    for question in script.questions:
        yield from (answer.then for answer in question.answers if answer.then)
