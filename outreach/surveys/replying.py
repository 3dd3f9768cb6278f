"""Does this reply answer the question that is open, and with which number?

Pure; asked after consent has read the reply (`optout.reading`): a refusal is never an answer. The
number stands first, perhaps behind words that only lead to it, in whatever width or script. Words
may follow it behind a sign or a unit, or if they begin with praise, blame, thanks or a reason. What
counts something else (`2 boots arrived broken`, `9点`) or leaves open which number is meant
(`8 or 9`) is no answer, and is left for a person to read.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from outreach.surveys import wordlists
from outreach.surveys.scales import Scale

_SIGNS = " \t.,;:!?。、—–…~()\"'“”👍🙂-"
# `/10`, `out of 10`, `分` but not `分钟`; the number in it is the scale's highest.
_UNIT = re.compile(
    r"\s*(?:/\s*([0-9]+)|out of ([0-9]+)|分(?!钟)|points?\b|(stars?\b|星))", re.IGNORECASE
)
_STARS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """The number that was given, and what was written with it."""

    score: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    """What `words/replies.yaml` holds."""

    numbers: Mapping[str, int]
    leading: tuple[str, ...]
    measures: tuple[str, ...]
    following: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Grammar:
    words: _Words
    lead: re.Pattern[str]
    number: re.Pattern[str]
    another: re.Pattern[str]
    following: re.Pattern[str]


def read(text: str, scale: Scale) -> Answer | None:
    """The answer in this reply; None where it is none, or which one cannot be told."""
    lines = _own_lines(text)
    if not lines:
        return None
    grammar = _grammar()
    said = unicodedata.normalize("NFKC", lines[0]).strip().lstrip(_SIGNS[:-1])
    lead = grammar.lead.match(said)
    found = grammar.number.match(said, lead.end() if lead else 0)
    score = _value(found[1], grammar) if found else None
    if found is None or score is None or score not in scale.scores:
        return None
    rest = _after(said[found.end() :], scale, grammar, in_words=not found[1].isdecimal())
    if rest is None:
        return None
    return Answer(score, "\n".join([rest.strip(_SIGNS), *lines[1:]]).strip())


def _own_lines(text: str) -> list[str]:
    """The first paragraph: what stands below an empty line or a quoted one is often not theirs."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if not line.strip() or line.lstrip().startswith(">"):
            break
        lines.append(line.strip())
    return lines


def _value(written: str, grammar: _Grammar) -> int | None:
    """The whole number that this is."""
    return int(written) if written.isdecimal() else grammar.words.numbers.get(written.lower())


def _after(rest: str, scale: Scale, grammar: _Grammar, *, in_words: bool) -> str | None:
    """What was written after the number; None where it shows that the number is no answer."""
    unit = _UNIT.match(rest)
    after = rest[unit.end() :] if unit else rest
    if (unit and not _fits(unit, scale)) or grammar.another.match(after):
        return None
    following = after.lstrip()
    apart = not following or after[0].isspace() or _is_sign(after[0])
    if in_words and not apart:  # `十分感谢` is no ten
        return None
    return after if unit or _is_comment(following, grammar) else None


def _fits(unit: re.Match[str], scale: Scale) -> bool:
    """Whether answers on this scale are said so: out of its highest, in stars where it has five."""
    of = unit[1] or unit[2] or (_STARS if unit[3] else scale.highest)
    return int(of) == scale.highest


def _is_comment(said: str, grammar: _Grammar) -> bool:
    """Whether this is said with a number, and does not tell what the number counts."""
    if not said or grammar.following.match(said):
        return True
    return _is_sign(said[0]) and not said.startswith(grammar.words.measures)


def _is_sign(char: str) -> bool:
    return char in _SIGNS or unicodedata.category(char) == "So"


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    words = wordlists.read("replies", _Words)
    longest = sorted(words.numbers, key=len, reverse=True)
    number = "|".join([r"[0-9]{1,3}(?:[.,][0-9]{1,3})?", *map(re.escape, longest)])
    leading = "|".join(map(re.escape, sorted(words.leading, key=len, reverse=True)))
    # A Latin word stands as a whole one; a Chinese one may be written on.
    following = "|".join(
        re.escape(word) + (r"(?!\w)" if word.isascii() else "") for word in words.following
    )
    between = r"or|to|and|或者?|到|至|、|~|[-–—/,]"
    return _Grammar(
        words,
        re.compile(rf"(?:{leading})(?:\s*:\s*|\s+|(?={number}))", re.IGNORECASE),
        re.compile(rf"({number})(?![0-9A-Za-z_])", re.IGNORECASE),
        re.compile(rf"\s*(?:{between})\s*(?:{number})(?![0-9])", re.IGNORECASE),
        re.compile(following, re.IGNORECASE),
    )
