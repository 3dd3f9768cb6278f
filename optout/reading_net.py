"""Do two words near each other smell of refusal, in whatever phrase?

Pure. Phrases alone do not reach far. A word of contact beside one of refusal or anger is caught,
and so is one for the sender or the writer beside anger, in one language.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from optout.reading_patterns import Hit

KINDS = frozenset({"about", "against", "weary", "toward"})
_PAIRS = (("about", "against"), ("about", "weary"), ("toward", "weary"))
_NEAR = 40  # how far apart two such words may stand, in signs


class Pair(NamedTuple):
    """Two words that were caught, and the language in which they stand."""

    language: str
    matched: str


def pairs(text: str, hits: Sequence[Hit]) -> Iterator[Pair]:
    """Every such pair, language by language."""
    by_section: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_section[hit.section].append(hit)
    for language in sorted({section[:2] for section in by_section}):
        for of_what, how in _PAIRS:
            sides = [by_section.get(f"{language}.{kind}", ()) for kind in (of_what, how)]
            for hit, no in product(*sides):
                if _near(hit, no):
                    yield Pair(language, f"{no.words(text)} … {hit.words(text)}")


def _near(one: Hit, other: Hit) -> bool:
    """Two words apart, and not far."""
    return one.start != other.start and abs(one.start - other.start) <= _NEAR
