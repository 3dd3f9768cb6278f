"""Is the whole message a keyword, or an answer to the question that is pending?

Pure. The keywords of law are those of 47 CFR 64.1200(a)(10); the others are custom, by country.
Only a keyword that is the whole message restores, since giving permission back needs more than a
hint.
"""

from dataclasses import dataclass

from optout import reading_words as words
from optout.reading_model import Intent, PendingQuestion, Reading, Scope
from optout.reading_spelling import spelling


@dataclass(frozen=True, slots=True)
class Place:
    """Where the sender is, by ISO 3166-1 ("" where unknown), and whether Chinese is written."""

    country: str
    chinese: bool


def offered(said: str, pending: PendingQuestion | None) -> Reading | None:
    """An answer that the question offered; a word of refusal that it offered is doubtful."""
    if pending is None or said not in map(spelling, pending.options):
        return None
    if len(said) > 1 and _refuses(said):
        return Reading(Intent.UNSURE, Scope.ALL, said, "offered")
    return Reading(Intent.NONE, None, said, "answer")


def keyword(said: str, place: Place) -> Reading | None:
    """What the message means as a keyword, everywhere or in the sender's country."""
    known = words.whole()
    if (intent := known.everywhere.get(said)) in {Intent.WITHDRAW, Intent.RESTORE, Intent.HELP}:
        return Reading(intent, _reach(intent), said, "keyword")
    if said in known.by_country.get(place.country, ()):
        return Reading(Intent.WITHDRAW, Scope.ALL, said, f"keyword.{place.country}")
    return _foreign(said, place) if _refuses(said) else None


def answer(said: str, pending: PendingQuestion | None) -> Reading | None:
    """Yes and no answer a question that is pending; a bare no without a question is doubtful."""
    known = words.whole()
    if pending is not None and said in known.answers:
        return Reading(Intent.NONE, None, said, "answer")
    if known.everywhere.get(said) is Intent.UNSURE:
        return Reading(Intent.UNSURE, Scope.ALL, said, "keyword")
    return None


def without_courtesies(spelled: str) -> str:
    """The message without please, thanks, trailing numbers and repetition."""
    courtesies = words.whole().courtesies
    said = spelled.split()
    while len(said) > 1 and (said[-1] in courtesies or said[-1].isdecimal()):
        said.pop()
    while len(said) > 1 and said[0] in courtesies:
        said.pop(0)
    return said[0] if len(set(said)) == 1 else " ".join(said)


def _refuses(said: str) -> bool:
    known = words.whole()
    return known.everywhere.get(said) is Intent.WITHDRAW or any(
        said in local for local in known.by_country.values()
    )


def _foreign(said: str, place: Place) -> Reading | None:
    """A word that withdraws in some country, from a sender who may be elsewhere.

    A single letter is a convention of few places, and means nothing in the others.
    """
    if not place.country and (len(said) > 1 or place.chinese):
        return Reading(Intent.WITHDRAW, Scope.ALL, said, "keyword.unknown_country")
    if len(said) > 1 or place.chinese or not place.country:
        return Reading(Intent.UNSURE, Scope.ALL, said, "keyword.other_country")
    return None


def _reach(intent: Intent) -> Scope | None:
    return Scope.ALL if intent is Intent.WITHDRAW else None
