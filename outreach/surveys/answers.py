"""May this be answered, what does an answer say, and which fact does it become?

Pure. A person is asked once in a passage, however often they are reminded of it, so passage and
survey name the answer: whichever link or reply it comes by, there is one. What they say afterwards,
to the other questions or in their own words, is a fact of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from optout.model import Channel
from outreach import ids
from outreach.surveys.model import Question, Survey

ANSWERED, ADDED = "survey.answered", "survey.commented"
LONGEST = 2000  # signs of a comment that are kept

State: TypeAlias = Literal["open", "answered", "closed"]
By: TypeAlias = Literal["page", "reply", "call"]

# What began the passage, as far as it is of use to whoever counts answers or follows one up.
ABOUT = ("order", "parcel", "contract", "case", "product", "agent")


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey that a person was asked in a passage, by this touch at this instant."""

    survey: Survey
    passage: UUID
    touch: UUID
    person: UUID
    campaign: str
    channel: Channel
    asked_at: datetime
    about: Mapping[str, str] = field(default_factory=dict)
    answered: bool = False
    added: bool = False

    @property
    def key(self) -> str:
        """`enr_…/nps`: what makes two answers one."""
        return f"{ids.shown(ids.ENROLMENT, self.passage)}/{self.survey.key}"

    @property
    def closes_at(self) -> datetime:
        """Until when it can be answered."""
        return self.asked_at + self.survey.open_for

    def state(self, *, now: datetime) -> State:
        """Answered stays answered; what nobody answered closes."""
        if self.answered:
            return "answered"
        return "open" if now < self.closes_at else "closed"

    def may_add(self, *, now: datetime) -> bool:
        """Whether more may be said to an answer: once, and as long as it was open."""
        more = len(self.survey.questions) > 1
        return more and self.answered and not self.added and now < self.closes_at


def answer(
    asked: Asked, score: int, *, by: By, comment: str = "", now: datetime, agent: str = ""
) -> dict[str, object]:
    """The data of the fact that this was answered. Raises `ValueError` for no score of the scale.

    `call_by` stands with a low answer, where the survey promises that somebody calls.
    """
    survey = asked.survey
    if score not in survey.scale.scores:
        raise ValueError(f"{score} is not on the scale")
    band = survey.scale.band(score)
    said: dict[str, object] = {
        **asked.about, "survey": asked.key, "form": survey.key, "kind": survey.first.kind,
        "score": score, "band": band, "campaign": asked.campaign, "channel": str(asked.channel),
        "touch": ids.shown(ids.TOUCH, asked.touch), "by": by,
        "asked_at": asked.asked_at.isoformat(),
    }  # fmt: skip
    if agent:
        said["agent"] = agent
    if comment := plain(comment):
        said["comment"] = comment
    if band == "low" and survey.promise:
        said["call_by"] = (now + survey.promise).isoformat()
    return said


def addition(asked: Asked, given: Mapping[str, str]) -> dict[str, object] | None:
    """The data of the fact that more was said; None where nothing was.

    What answers no question of the survey, or is none of its choices, is left out.
    """
    texts = [
        (question, plain(given.get(question.key, ""))) for question in asked.survey.questions[1:]
    ]
    comments = [text for question, text in texts if question.kind == "comment" and text]
    answers = {
        question.key: value
        for question, text in texts
        if (value := _chosen(question, text)) is not None
    }
    if not answers and not comments:
        return None
    said: dict[str, object] = {**asked.about, "survey": asked.key, "form": asked.survey.key}
    if answers:
        said["answers"] = answers
    if comments:
        said["comment"] = "\n\n".join(comments)
    return said


def topics(survey: Survey, said: Mapping[str, object]) -> list[str]:
    """What the cases are about that the chosen answers come to, each once."""
    chosen = said.get("answers")
    picked = chosen if isinstance(chosen, Mapping) else {}
    found = [
        choice.case
        for question in survey.questions[1:]
        for choice in question.choices
        if choice.case and picked.get(question.key) == choice.key
    ]
    return list(dict.fromkeys(found))


def _chosen(question: Question, text: str) -> object:
    """What was chosen of what the question offers: a number of its scale, or a choice's key."""
    if question.scale is not None:
        return next((score for score in question.scale.scores if str(score) == text), None)
    return next((choice.key for choice in question.choices if choice.key == text), None)


def plain(text: str) -> str:
    """What somebody wrote, as text and no more: no control characters, and cut where it is long."""
    kept = (sign for sign in text.replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t")
    return "".join(kept).strip()[:LONGEST].rstrip()
