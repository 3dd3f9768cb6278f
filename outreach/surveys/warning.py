"""Is this person about to complain, and what shows it?

Pure. Each sign counts points, and two make a warning: a second case within a month, a refund that
has been on its way for a week, a low answer, angry words. A low answer alone is called back
anyway, and an angry word alone is a word. What a person was warned of counts no more once that
warning was closed, and while it is open there is no second one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from outreach.surveys import wordlists

KIND = "early_warning"
"""The kind of case that a warning is: it holds what can wait, and is closed like any other."""

HEARD = (
    "case.opened", "case.closed", "order.refunded", "refund.progressed", "survey.answered",
    "survey.commented",
)  # fmt: skip
"""The types of facts that are looked at."""

Sign: TypeAlias = Literal["second_case", "slow_refund", "low_score", "angry_words"]
POINTS: Mapping[Sign, int] = {"second_case": 2, "slow_refund": 2, "low_score": 1, "angry_words": 1}
ENOUGH = 2
LATELY, SLOW = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a person, as an event of this type told it."""

    type: str
    at: datetime
    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What it says under this name, if that is a text."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign, and what shows it."""

    sign: Sign
    detail: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """What `words/anger.yaml` holds."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """Why somebody is to be looked after, since the fact that was the last straw."""

    since: datetime
    signals: tuple[Signal, ...]


def warned(told: Sequence[Fact], *, now: datetime) -> Warned | None:
    """Whether these facts of one person are a warning. A warning that is open is no new one."""
    ours = {fact.text("case") for fact in told if fact.text("kind") == KIND}
    opened = [f.at for f in told if f.type == "case.opened" and f.text("case") in ours]
    closed = [f.at for f in told if f.type == "case.closed" and f.text("case") in ours]
    if len(opened) > len(closed):
        return None
    since = max([now - LATELY, *closed])
    fresh = [f for f in told if f.at > since and f.text("case") not in ours and f.at <= now]
    signals = tuple(_signals(fresh, told, now=now))
    if sum(POINTS[signal.sign] for signal in signals) < ENOUGH:
        return None
    return Warned(max((fact.at for fact in fresh), default=now), signals)


def _signals(fresh: Sequence[Fact], told: Sequence[Fact], *, now: datetime) -> list[Signal]:
    cases = {fact.text("case") for fact in fresh if fact.type == "case.opened"}
    found = [Signal("second_case", ", ".join(sorted(cases)))] if len(cases) > 1 else []
    found += [Signal("slow_refund", refund) for refund in _slow_refunds(fresh, told, now=now)]
    answers = [fact for fact in fresh if fact.type == "survey.answered"]
    newest = max(answers, key=lambda fact: fact.at, default=None)
    if newest and newest.text("band") == "low":
        found.append(Signal("low_score", f"{newest.text('form')} {newest.data.get('score', '')}"))
    said = " ".join(f"{fact.text('comment')} {fact.text('title')}" for fact in fresh)
    if words := angry(said):
        found.append(Signal("angry_words", ", ".join(words)))
    return found


def _slow_refunds(fresh: Sequence[Fact], told: Sequence[Fact], *, now: datetime) -> list[str]:
    """Refunds that are on their way since a week or longer; one sign, however many there are."""
    paid = {fact.text("order") for fact in told if fact.type == "order.refunded"} - {""}
    began: dict[str, datetime] = {}
    for fact in fresh:
        if fact.type == "refund.progressed" and fact.text("order") not in paid:
            name = fact.text("refund")
            began[name] = min(began.get(name, fact.at), fact.at)
    slow = sorted(name for name, at in began.items() if now - at >= SLOW)
    return [", ".join(slow)] if slow else []


def angry(said: str) -> list[str]:
    """The words of anger in this text, in the order of the list."""
    text = said.lower()
    known = wordlists.read("anger", _Lexicon)
    english = [w for w in known.en if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text)]
    return english + [word for word in known.zh if word in text]
