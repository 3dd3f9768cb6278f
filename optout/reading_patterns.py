"""Where in a reply do which phrases stand?

Phrases are written in TOML, one file per language, in a notation that can only grow so far:

    stop|quit texting     one word or the other, then a word
    send* me              a word that begins so
    <comms>               any of the file's set of that name; its members may have several words
    (please)              may be missing
    ...                   up to three words of any kind, or six characters if words are not spaced
    !now|once             one word that is none of these; where words are not spaced, none of these
                          follows
    ^ $                   the reply begins here, ends here

Each part takes a bounded stretch of text in at most a few ways, so no reply can make reading slow.
The phrases are filed by the beginning of their first word, which is what makes reading fast.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optout.reading_spelling import spelling

Sets = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of this section (`en.withdraw`) stands here."""

    section: str
    start: int
    end: int

    def words(self, text: str) -> str:
        """What it is of the text in which it was found."""
        return text[self.start : self.end].strip()


@dataclass(frozen=True, slots=True)
class Notation:
    """How words are parted in a group of languages, and how much of a word files a phrase."""

    space: str
    gap: str
    another: str
    heads: re.Pattern[str]


SPACED = Notation(" ", "(?:[^ ]+ ){0,3}", "[^ ]+ ", re.compile("(?<![^ ])[^ ]{1,3}"))
UNSPACED = Notation("", ".{0,6}", "", re.compile("."))

_READABLE = re.compile(r"\^|\.{3}|\([^()!^$]+\)|!?[^()!^]+")

Index = Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]


@dataclass(frozen=True, slots=True)
class Finder:
    """Every phrase of some languages, by the beginning of its first word."""

    notation: Notation
    index: Index

    def hits(self, text: str) -> Iterator[Hit]:
        """Each place at which a phrase of a section begins, with the first phrase that fits."""
        for head in self.notation.heads.finditer(text):
            for section, pattern in self.index.get(head[0], ()):
                if found := pattern.match(text, head.start()):
                    yield Hit(section, *found.span())


def finder(notation: Notation, phrases: Sequence[tuple[str, str]], sets: Sets) -> Finder:
    """File phrases, given as (section, phrase). Raises `ValueError` where one cannot be read."""
    filed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for section, phrase in phrases:
        for head, expression in _expressions(notation, phrase, sets):
            filed[head, section].append(expression)
    index: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for (head, section), expressions in filed.items():
        index[head].append((section, re.compile("|".join(dict.fromkeys(expressions)))))
    return Finder(notation, dict(index))


def _expressions(notation: Notation, phrase: str, sets: Sets) -> Iterator[tuple[str, str]]:
    """A phrase as regular expressions, each with the head under which it is filed."""
    parts = phrase.split()
    if (
        not all(map(_READABLE.fullmatch, parts))
        or parts[-1:] in ([], ["^"])
        or parts[-1][-1] == ")"
    ):
        raise ValueError(f"{phrase!r} is not in the notation, or its last part may be missing")
    anchor = "(?<!.)" if parts[0] == "^" else ""
    first, *rest = parts[1:] if anchor else parts
    if first.startswith("("):
        anchored = ["^"] if anchor else []
        yield from _expressions(notation, " ".join([*anchored, *rest]), sets)
        first = first[1:-1]
    tail = "".join(_part(notation, part, sets) for part in rest)
    for words in _choices(first, sets):
        head = notation.heads.match(spelling(words))
        if head is None or first.startswith("!"):
            raise ValueError(f"{phrase!r} must begin with a word")
        yield head[0], anchor + _words(notation, words) + tail


def _part(notation: Notation, part: str, sets: Sets) -> str:
    if part == "...":
        return notation.gap
    if part.startswith("("):
        return f"(?:{_part(notation, part[1:-1], sets)})?"
    either = "|".join(_words(notation, words) for words in _choices(part.lstrip("!"), sets))
    return f"(?!{either}){notation.another}" if part.startswith("!") else f"(?:{either})"


def _choices(part: str, sets: Sets) -> list[str]:
    """The words or sets that a part offers."""
    return [
        words
        for choice in part.split("|")
        for words in (sets[choice[1:-1]] if choice.startswith("<") else (choice,))
    ]


def _words(notation: Notation, words: str) -> str:
    """A member of a set, or a word, with its ending left open where a star says so."""
    if words == "$":
        return r"\Z"
    spelled = [(spelling(word.rstrip("*")), word.endswith("*")) for word in words.split()]
    open_end = "[^ ]*" if notation.space else ""
    return "".join(
        re.escape(word) + (open_end if starred else "") + notation.space
        for word, starred in spelled
    )
