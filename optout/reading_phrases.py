"""Which phrase decides what a reply means, and how far does it reach?

Pure. No phrase counts that a harmless one ("can't stop loving it") touches. Of the rest the section
that stands first in `_ORDER` decides; where none is there, two words near each other may be caught
(`reading_net`).
"""

from collections.abc import Iterable, Iterator, Sequence

from optout import reading_net as net
from optout import reading_words as words
from optout.model import Channel
from optout.reading_model import Intent, Reading, Scope
from optout.reading_patterns import Hit

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


def phrase(spelled: str, channel: Channel | None) -> Reading | None:
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
