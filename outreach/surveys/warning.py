"""Is this person about to complain, and what shows it?

Pure. Each sign counts points, and two make a warning: a second case within a month, a refund that
has been on its way for a week, a low answer, angry words. A low answer alone is called back
anyway, and an angry word alone is a word. What a person was warned of counts no more once that
warning was closed, and while it is open there is no second one.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from outreach.surveys import wordlists

KIND = "early_warning"
"""The kind of case that a warning is: it holds what can wait, and is closed like any other."""

HEARD = (
    "case.opened", "case.closed", "case.reopened", "order.refunded", "refund.progressed",
    "survey.answered", "survey.commented",
)  # fmt: skip
"""The types of facts that are looked at."""

Sign: TypeAlias = Literal["second_case", "slow_refund", "low_score", "angry_words"]
POINTS: Mapping[Sign, int] = {"second_case": 2, "slow_refund": 2, "low_score": 1, "angry_words": 1}
ENOUGH = 2
LATELY, SLOW = timedelta(days=30), timedelta(days=7)
_CASE = ("case.opened", "case.closed", "case.reopened")


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
class _Refunds:
    """What `words/refunds.yaml` holds."""

    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Warned:
    """Why somebody is to be looked after, since the fact that was the last straw."""

    since: datetime
    signals: tuple[Signal, ...]


def warned(told: Sequence[Fact], *, now: datetime) -> Warned | None:
    """Whether these facts of one person are a warning. A warning that is open is no new one."""
    ours = {f.text("case") for f in told if f.type in _CASE and f.text("kind") == KIND}
    newest = [_newest(told, case) for case in sorted(ours)]
    if any(fact.type != "case.closed" for fact in newest):
        return None
    done = max((fact.at for fact in newest), default=datetime.min.replace(tzinfo=now.tzinfo))
    since = max(now - LATELY, done)
    fresh = [f for f in told if f.at > since and f.text("case") not in ours and f.at <= now]
    slow = _slow_refunds(told, after=done, now=now)
    signals = tuple(_signals(fresh, slow))
    if sum(POINTS[signal.sign] for signal in signals) < ENOUGH:
        return None
    return Warned(max((fact.at for fact in fresh), default=now), signals)


def _newest(told: Sequence[Fact], case: str) -> Fact:
    """What was told last of this case: it was opened or reopened, or else it is closed."""
    of_it = [fact for fact in told if fact.type in _CASE and fact.text("case") == case]
    return max(of_it, key=lambda fact: (fact.at, fact.type == "case.closed"))


def _signals(fresh: Sequence[Fact], slow: Sequence[str]) -> list[Signal]:
    cases = {fact.text("case") for fact in fresh if fact.type == "case.opened"}
    found = [Signal("second_case", ", ".join(sorted(cases)))] if len(cases) > 1 else []
    # One sign, however many there are.
    found += [Signal("slow_refund", ", ".join(slow))] if slow else []
    answers = [fact for fact in fresh if fact.type == "survey.answered"]
    # Of two at one instant the low one counts, whichever is read first.
    newest = max(answers, key=lambda fact: (fact.at, fact.text("band") == "low"), default=None)
    if newest and newest.text("band") == "low":
        found.append(Signal("low_score", f"{newest.text('form')} {newest.data.get('score', '')}"))
    said = " ".join(f"{fact.text('comment')} {fact.text('title')}" for fact in fresh)
    if words := angry(said):
        found.append(Signal("angry_words", ", ".join(words)))
    return found


def _slow_refunds(told: Sequence[Fact], *, after: datetime, now: datetime) -> list[str]:
    """Refunds that are on their way since a week or longer, and were not yet at this instant."""
    steps: dict[str, list[Fact]] = defaultdict(list)
    for fact in told:
        if fact.type == "refund.progressed" and fact.at <= now:
            steps[fact.text("refund")].append(fact)
    paid = [fact for fact in told if fact.type == "order.refunded"]
    return [
        name
        for name, of_it in sorted(steps.items())
        if after < min(fact.at for fact in of_it) + SLOW <= now
        and not _is_over(of_it)
        and not any(_pays(fact, of_it) for fact in paid)
    ]


def _is_over(steps: Sequence[Fact]) -> bool:
    """Whether the newest status of a refund is one after which nothing more is awaited."""
    over = wordlists.read("refunds", _Refunds).over
    newest = max(fact.at for fact in steps)
    return any(f.at == newest and f.text("status").casefold() in over for f in steps)


def _pays(paid: Fact, steps: Sequence[Fact]) -> bool:
    """Whether this money is of that refund: by its name or, where none is told, by the order."""
    if name := paid.text("refund"):
        return name == steps[0].text("refund")
    orders = {fact.text("order") for fact in steps} - {""}
    return paid.text("order") in orders and paid.at >= min(fact.at for fact in steps)


def angry(said: str) -> list[str]:
    """The words of anger in this text, in the order of the list."""
    text = said.lower()
    known = wordlists.read("anger", _Lexicon)
    english = [w for w in known.en if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text)]
    return english + [word for word in known.zh if word in text]
