"""May a refusal be confirmed by one last message, must it, and until when?

Pure. Law speaks of it by place (47 CFR 64.1200(a)(12) in the United States: one text, within five
minutes, without marketing). Only a refusal that was news is confirmed: saying it again is not
answered again, and who has permitted anew needs no receipt. Silence of the law means no.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from optout.model import Action, Channel, Decision, Entry, Purpose, Question, Reason
from optout.rules import Confirmation, Ruling


class May(StrEnum):
    """What the law of every place says of answering a refusal."""

    MUST = "must"
    MAY = "may"
    MUST_NOT = "must_not"


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether a refusal may be confirmed, and the instant at which that is too late."""

    may: May
    by: datetime | None = None
    source: str = ""


_NO = Answering(May.MUST_NOT)


def answering(ruling: Ruling | None, channel: Channel, *, withdrawn_at: datetime) -> Answering:
    """What the law says of a refusal of that instant, answered on that channel.

    Where several laws may apply all must admit it, and the shortest time counts. Source: the
    `confirmation` of the rows in `regimes/`.
    """
    said = ruling.confirmations if ruling else ()
    if not said or not all(_admits(one, channel) for one in said):
        return _NO
    minutes = min((one.within_minutes for one in said if one.within_minutes), default=None)
    return Answering(
        May.MUST if any(one.required for one in said) else May.MAY,
        None if minutes is None else withdrawn_at + timedelta(minutes=minutes),
        "; ".join(one.source or one.says for one in said),
    )


def answer(question: Question, said: Sequence[Entry], ruling: Ruling | None) -> Decision:
    """Whether the message may go that confirms the refusal which the question names.

    `said` is all that covers the address, the brand and the channel, whatever the purpose. Blocks
    have been asked before.
    """
    told = [entry for entry in said if _is_it(entry, question)]
    if question.confirms is None or not told:
        return _refused("it confirms no refusal on record", None)
    refusal = max(told, key=_width)
    allowed = answering(ruling, question.channel, withdrawn_at=question.confirms)
    if why := _forbidding(allowed, question) or _overtaken(refusal, said):
        return _refused(why, refusal)
    sentence = f"Withdrawn, which one message {_VERB[allowed.may]} confirm ({allowed.source})."
    return Decision(allowed=True, reason=Reason.CONFIRMATION, entry=refusal, sentence=sentence)


def _forbidding(allowed: Answering, question: Question) -> str | None:
    """What speaks against it by law, or by what it is."""
    if question.purpose is not Purpose.TRANSACTIONAL:
        return "a confirmation promotes and asks nothing"
    if allowed.may is May.MUST_NOT:
        return "the law there does not admit an answer to a refusal"
    if allowed.by is not None and (question.at is None or question.at > allowed.by):
        return f"a refusal is confirmed until {allowed.by.isoformat()}"
    return None


def _overtaken(refusal: Entry, said: Sequence[Entry]) -> str | None:
    """What was said before or since, and leaves nothing to confirm."""
    if _repeats(refusal, said):
        return "the same was refused before, and that was the one to confirm"
    if _restored(refusal, said):
        return "the person has permitted anew since"
    return None


_VERB = {May.MUST: "must", May.MAY: "may"}


def _admits(one: Confirmation, channel: Channel) -> bool:
    return one.messages > 0 and (not one.channels or channel in one.channels)


def _is_it(entry: Entry, question: Question) -> bool:
    return entry.action is Action.WITHDRAW and entry.effective_at == question.confirms


def _width(entry: Entry) -> tuple[int, str]:
    """The widest of what was refused in one instant; the rest makes the choice definite."""
    return sum(part is None for part in _scope(entry)), repr((_scope(entry), entry.evidence))


def _repeats(refusal: Entry, said: Iterable[Entry]) -> bool:
    """Whether something as wide was refused before, and nothing of it permitted in between."""
    before = [e for e in said if e.effective_at < refusal.effective_at]
    return any(
        earlier.action is Action.WITHDRAW
        and _within(refusal, earlier)
        and not any(
            e.action is Action.GRANT and earlier.effective_at < e.effective_at and _meet(e, refusal)
            for e in before
        )
        for earlier in before
    )


def _restored(refusal: Entry, said: Iterable[Entry]) -> bool:
    return any(
        e.action is Action.GRANT and e.effective_at > refusal.effective_at and _meet(e, refusal)
        for e in said
    )


def _scope(entry: Entry) -> tuple[str | None, ...]:
    return entry.brand, entry.channel, entry.purpose, entry.product


def _within(narrow: Entry, wide: Entry) -> bool:
    return all(w in {None, n} for n, w in zip(_scope(narrow), _scope(wide), strict=True))


def _meet(one: Entry, other: Entry) -> bool:
    pairs = zip(_scope(one), _scope(other), strict=True)
    return all(a is None or b is None or a == b for a, b in pairs)


def _refused(why: str, refusal: Entry | None) -> Decision:
    sentence = f"Withdrawn, and not confirmed: {why}."
    return Decision(allowed=False, reason=Reason.WITHDRAWN, entry=refusal, sentence=sentence)
