"""How does a sentence that a room said in English read on a page in Chinese?

Rooms speak English alone: refusals, what is evidence of a place, on what a consent rests. A
catalogue holds each of their sentences with its holes in braces, and what it is in Chinese. What
fills a hole is translated in its turn where it is such a sentence or a value that pages name, and
else stays as it is. A sentence that no catalogue knows stays English, and says so to the browser
and to screen readers (WCAG 2.2, success criterion 3.1.2).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from outreach.bilingual import Language
from outreach.errors import Problem
from outreach.web import words

SENTENCES = Path(__file__).parent / "locale" / "zh_CN" / "sentences"
LONGEST = 2_000  # signs of a sentence that is looked up
_DEEPEST = 3  # sentences within holes of sentences
_VAGUE = 8  # letters; a sentence with fewer around its holes might be any other
_ASIDE = "; "  # with what a hole begins that stands right behind another one
_HOLE = re.compile(r"\{(\w+)\}")
_PROSE = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
_ENGLISH = Markup('<span lang="en">{}</span>')


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the catalogue: the texts around its holes, the holes, the Chinese."""

    pieces: tuple[str, ...]
    holes: tuple[str, ...]
    chinese: str

    @property
    def letters(self) -> int:
        """How much of it is certain."""
        return sum(one.isalpha() for piece in self.pieces for one in piece)

    def filled(self, said: str) -> dict[str, str] | None:
        """What stands in each hole if this is the sentence; each hole is as short as can be."""
        first, *inner, last = self.pieces if self.holes else (*self.pieces, "")
        if not self.holes:
            return {} if said == first else None
        if not said.startswith(first) or not said.endswith(last):
            return None
        at, end, found = len(first), len(said) - len(last), list[str]()
        for piece in inner:
            upto = said.find(piece or _ASIDE, at, end)
            if upto < 0 and piece:
                return None
            upto = end if upto < 0 else upto
            found.append(said[at:upto])
            at = upto + len(piece)
        return dict(zip(self.holes, (*found, said[at:end]), strict=True)) if at <= end else None


def told(said: str | Problem, language: Language) -> Markup:
    """The sentence, or a problem with its place, in this language; English is marked as such."""
    if isinstance(said, Problem):
        return _placed(said, language)
    if language == "en":
        return escape(said)
    chinese = sentence(said)
    return _ENGLISH.format(said) if chinese is None else escape(chinese)


def sentence(said: str) -> str | None:
    """The sentence in Chinese; None where the catalogue does not know it."""
    return _sentence(said, _DEEPEST)


def _placed(one: Problem, language: Language) -> Markup:
    if language == "en":
        return escape(one)
    at = f"第 {one.line} 行第 {one.column} 列:" if one.line else ""
    return escape(at) + escape(f"{one.where}:" if one.where else "") + told(one.sentence, language)


def _sentence(said: str, depth: int) -> str | None:
    if not depth or not said or len(said) > LONGEST:
        return None
    for known in _known():
        holes = known.filled(said)
        read = None if holes is None else _chinese(known, holes, depth)
        if read is not None:
            return read
    return None


def _chinese(known: Sentence, holes: Mapping[str, str], depth: int) -> str | None:
    """The sentence with its holes filled; a vague one only where no English stays in them."""
    read = {name: _in_hole(name, value, depth) for name, value in holes.items()}
    if known.letters < _VAGUE and any(map(_PROSE.search, read.values())):
        return None
    return _HOLE.sub(lambda hole: read[hole[1]], known.chinese)


def _in_hole(name: str, value: str, depth: int) -> str:
    """A value that pages name, a sentence, a list of either, or whatever somebody wrote."""
    parts = value.split(", ")
    read = [_value(name, part) or _sentence(part, depth - 1) for part in parts]
    if len(parts) > 1 and (whole := _sentence(value, depth - 1)):
        return whole
    if any(read):
        return "、".join(new or old for new, old in zip(read, parts, strict=True))
    return value


def _value(name: str, value: str) -> str | None:
    forms = words.words("zh-CN").forms.get(f"{name}.{value}")
    return forms[0] if forms else None


@cache
def _known() -> tuple[Sentence, ...]:
    """Every sentence, those that say most first, so that none is taken for a vaguer one."""
    found = [one for path in sorted(SENTENCES.glob("*.po")) for one in _read(path)]
    return tuple(sorted(found, key=lambda one: -one.letters))


def _read(path: Path) -> Iterable[Sentence]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN", abort_invalid=True)
    written: Mapping[str, str] = {str(m.id): str(m.string) for m in catalogue if m.id}
    for english, chinese in written.items():
        pieces = _HOLE.split(english)
        yield Sentence(tuple(pieces[::2]), tuple(pieces[1::2]), chinese)
