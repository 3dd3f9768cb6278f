"""What did this reply mean? Withdraw, restore, help, unsure, or none of our business here.

In this order, and the first that says something is the answer:

1. The text gets one spelling (`reading_spelling`).
2. What the pending question offered is an answer to it.
3. The whole message is a keyword, everywhere or in the sender's country.
4. A phrase of refusal stands in it, and no harmless phrase ("can't stop loving it") covers that.
5. It smells of refusal, or two words near each other do (`reading_net`): unsure. The caller then
   mutes marketing at once and asks a person.

Doubt means unsure, and never none. Only a keyword that is the whole message restores, since giving
permission back needs more than a hint. The keywords of law are those of 47 CFR 64.1200(a)(10).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from optout import reading_net as net
from optout import reading_words as words
from optout.model import Channel
from optout.reading_patterns import Hit
from optout.reading_spelling import spelling
from optout.reading_words import Intent

__all__ = ["Intent", "PendingQuestion", "Reading", "Scope", "read"]

# Which section of a language's file decides when several have a phrase in the reply.
_ORDER = (
    "keep",
    "everything",
    "marketing",
    "channel",
    "withdraw",
    "clear",
    "help",
    "doubt",
    "idiom",
)

_NARROW = frozenset({"keep", "marketing", "channel"})


class Scope(StrEnum):
    """How far a withdrawal reaches, within the brand to which the person replied."""

    ALL = "all"
    CHANNEL = "channel"  # the channel on which it came
    OTHERS = "others"  # every channel but that on which it came
    MARKETING = "marketing"  # what promotes, on every channel


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A question that this person was asked and has not answered; the answers that it offered."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means. `matched` are the words that decided, in the spelling compared.

    `scope` stands with withdraw and unsure: how far the person seems to refuse. `rule` says where
    the words are filed: `keyword.US`, `en.everything`, `answer`, or "" where nothing matched.
    """

    intent: Intent
    scope: Scope | None = None
    matched: str = ""
    rule: str = ""


def read(
    text: str,
    *,
    country: str | None,
    language: str | None = None,
    pending: PendingQuestion | None = None,
    channel: Channel | None = None,
) -> Reading:
    """Say what a reply means. `country` (ISO 3166-1) and `language` (BCP 47) are the sender's.

    Every language is tried whatever `language` says: it only lends its keywords' conventions where
    the country is not known. Without a country the strictest one counts.
    """
    spelled = spelling(_unquoted(text) if channel is Channel.EMAIL else text)
    if not spelled:
        return _sign(text)
    said = _without_courtesies(spelled)
    place = _Place((country or "").upper(), (language or "").lower().startswith("zh"))
    return (
        _offered(said, pending)
        or _keyword(said, place)
        or _answer(said, pending)
        or _phrase(spelled, channel)
        or Reading(Intent.NONE)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    country: str
    chinese: bool


def _offered(said: str, pending: PendingQuestion | None) -> Reading | None:
    """An answer that the question offered; a word of refusal that it offered is doubtful."""
    if pending is None or said not in map(spelling, pending.options):
        return None
    if len(said) > 1 and _refuses(said):
        return Reading(Intent.UNSURE, Scope.ALL, said, "offered")
    return Reading(Intent.NONE, None, said, "answer")


def _refuses(said: str) -> bool:
    known = words.whole()
    return known.everywhere.get(said) is Intent.WITHDRAW or any(
        said in local for local in known.by_country.values()
    )


def _keyword(said: str, place: _Place) -> Reading | None:
    known = words.whole()
    if (intent := known.everywhere.get(said)) in {Intent.WITHDRAW, Intent.RESTORE, Intent.HELP}:
        return Reading(intent, _reach(intent), said, "keyword")
    if said in known.by_country.get(place.country, ()):
        return Reading(Intent.WITHDRAW, Scope.ALL, said, f"keyword.{place.country}")
    return _foreign(said, place) if _refuses(said) else None


def _foreign(said: str, place: _Place) -> Reading | None:
    """A word that withdraws in some country, from a sender who may be elsewhere.

    A single letter is a convention of few places, and means nothing in the others.
    """
    if not place.country and (len(said) > 1 or place.chinese):
        return Reading(Intent.WITHDRAW, Scope.ALL, said, "keyword.unknown_country")
    if len(said) > 1 or place.chinese or not place.country:
        return Reading(Intent.UNSURE, Scope.ALL, said, "keyword.other_country")
    return None


def _answer(said: str, pending: PendingQuestion | None) -> Reading | None:
    """Yes and no answer a question that is pending; a bare no without a question is doubtful."""
    known = words.whole()
    if pending is not None and said in known.answers:
        return Reading(Intent.NONE, None, said, "answer")
    if known.everywhere.get(said) is Intent.UNSURE:
        return Reading(Intent.UNSURE, Scope.ALL, said, "keyword")
    return None


def _phrase(spelled: str, channel: Channel | None) -> Reading | None:
    """The widest-ranking phrase of refusal that no harmless phrase covers; or else the net."""
    found: list[tuple[str, str, str]] = []
    caught: list[Reading] = []
    for text, hits in _found(spelled):
        free = list(_uncovered(hits))
        found += [
            (hit.section[:2], hit.section[3:], hit.words(text))
            for hit in _widest(hit for hit in free if _kind(hit) not in net.KINDS)
        ]
        caught += [
            Reading(Intent.UNSURE, Scope.ALL, pair.matched, f"{pair.language}.net")
            for pair in net.pairs(text, free)
        ]
    ranked = min(found, key=lambda hit: _ORDER.index(hit[1].partition(".")[0]), default=None)
    if ranked is None:
        return next(iter(caught), None)
    language, section, matched = ranked
    intent = {"help": Intent.HELP, "doubt": Intent.UNSURE, "idiom": Intent.UNSURE}.get(
        section, Intent.WITHDRAW
    )
    return Reading(intent, _scope(section, channel), matched, f"{language}.{section}")


def _found(spelled: str) -> Iterator[tuple[str, list[Hit]]]:
    spaced, unspaced = words.finders()
    text = spelled + " "
    yield text, list(spaced.hits(text))
    if not spelled.isascii():
        tight = spelled.replace(" ", "")
        yield tight, list(unspaced.hits(tight))


def _uncovered(hits: Sequence[Hit]) -> Iterator[Hit]:
    """The phrases that no harmless phrase touches: "can't stop loving it" is none of refusal."""
    harmless = [hit for hit in hits if hit.section.endswith(".harmless")]
    for hit in hits:
        if not any(hit.start < calm.end and calm.start < hit.end for calm in harmless):
            yield hit


def _widest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Without a phrase that stands within one of narrower scope: "unsubscribe me from ads"."""
    found = list(hits)
    narrow = [hit for hit in found if _kind(hit) in _NARROW]
    for hit in found:
        within = any(one.start <= hit.start and hit.end <= one.end for one in narrow)
        if hit in narrow or not within:
            yield hit


def _kind(hit: Hit) -> str:
    return hit.section.split(".")[1]


def _scope(section: str, channel: Channel | None) -> Scope | None:
    """How far a section's phrases reach; what they name may be the channel on which they came."""
    kind, _, named = section.partition(".")
    here = channel is None or channel == named
    match kind:
        case "help":
            return None
        case "keep":
            return Scope.OTHERS if channel == named else Scope.CHANNEL
        case "channel":
            return Scope.CHANNEL if here else Scope.ALL
        case "marketing":
            return Scope.MARKETING
    return Scope.ALL


def _reach(intent: Intent) -> Scope | None:
    return Scope.ALL if intent is Intent.WITHDRAW else None


def _sign(text: str) -> Reading:
    """A message without any word: a raised hand or a stop sign is a doubtful one."""
    seen = next((sign for sign in words.whole().signs if sign in text), None)
    return Reading(Intent.UNSURE, Scope.ALL, seen, "sign") if seen else Reading(Intent.NONE)


def _unquoted(text: str) -> str:
    """A mail without the lines it quotes, whose footer speaks of unsubscribing."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(">")]
    return "\n".join(lines)


def _without_courtesies(spelled: str) -> str:
    """The message without please, thanks, trailing numbers and repetition."""
    courtesies = words.whole().courtesies
    said = spelled.split()
    while len(said) > 1 and (said[-1] in courtesies or said[-1].isdecimal()):
        said.pop()
    while len(said) > 1 and said[0] in courtesies:
        said.pop(0)
    return said[0] if len(set(said)) == 1 else " ".join(said)
