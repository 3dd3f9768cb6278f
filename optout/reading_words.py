"""Which words does each language and country have for refusing, and which only sound like it?

They are data: `phrases/*.toml`, one file per language, and `phrases/countries.toml` for what is
said in one country alone. Read and compiled once, when the first reply is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from optout.reading_model import Intent
from optout.reading_patterns import SPACED, UNSPACED, Finder, finder
from optout.reading_spelling import document, spelling

LANGUAGES = {"en": SPACED, "es": SPACED, "fr": SPACED, "de": SPACED, "pt": SPACED}
LANGUAGES |= {"zh": UNSPACED, "ja": UNSPACED, "ko": UNSPACED}


@dataclass(frozen=True, slots=True)
class Words:
    """The whole-message words of all languages and countries, in the spelling compared."""

    everywhere: Mapping[str, Intent]
    by_country: Mapping[str, frozenset[str]]
    answers: frozenset[str]
    courtesies: frozenset[str]
    signs: tuple[str, ...]


@cache
def whole() -> Words:
    tables = [cast("dict[str, list[str]]", document(name)["keywords"]) for name in LANGUAGES]
    countries = cast("dict[str, dict[str, list[str]]]", document("countries")["country"])

    def all_of(kind: str) -> frozenset[str]:
        return frozenset(spelling(word) for table in tables for word in table.get(kind, ()))

    kinds = (Intent.UNSURE, Intent.HELP, Intent.RESTORE, Intent.WITHDRAW)
    return Words(
        {word: kind for kind in kinds for word in all_of(kind)},
        {key: frozenset(map(spelling, table["withdraw"])) for key, table in countries.items()},
        all_of("answer"),
        all_of("courtesy"),
        tuple(cast("list[str]", document("countries")["signs"])),
    )


@cache
def finders() -> tuple[Finder, Finder]:
    """The phrases of spaced and of unspaced languages, compiled once."""
    spaced = [name for name, notation in LANGUAGES.items() if notation is SPACED]
    unspaced = [name for name, notation in LANGUAGES.items() if notation is UNSPACED]
    return _finder(spaced), _finder(unspaced)


def _finder(languages: Sequence[str]) -> Finder:
    sets: dict[str, Sequence[str]] = {}
    phrases = []
    for name in languages:
        told = document(name)
        own = cast("dict[str, list[str]]", told.get("sets", {}))
        sets |= {f"{name}.{key}": members for key, members in own.items()}
        sections = cast("dict[str, list[str]]", told["phrases"])
        phrases += [
            (f"{name}.{section}", phrase.replace("<", f"<{name}."))
            for section, listed in sections.items()
            for phrase in listed
        ]
    return finder(LANGUAGES[languages[0]], phrases, sets)
