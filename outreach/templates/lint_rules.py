"""By which rules are texts looked through? Duties and phrases as data, each with its source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, ConfigDict, TypeAdapter

from optout.model import Channel, Purpose
from outreach import documents
from outreach.shapes import STRICT, Key
from outreach.templates.findings import Severity

T = TypeVar("T")

PartName: TypeAlias = Literal["text", "subject", "html"]

_GAP = 24  # what … stands for at most


def _pattern(written: str) -> str:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from error
    return written


Pattern: TypeAlias = Annotated[str, AfterValidator(_pattern)]
Phrases: TypeAlias = Mapping[str, tuple[str, ...]]
"""Phrases by language."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a text must say (`says`, a pattern) or name (`names`, any of them) where it is read."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: Key
    countries: tuple[str, ...]
    channels: tuple[Channel, ...]
    purposes: tuple[Purpose | Literal["any"], ...]
    parts: tuple[PartName, ...]
    sentence: str
    severity: Severity
    basis: Literal["law", "carrier", "platform"]
    source: str
    says: Pattern = ""
    names: str = ""
    adds: Literal["signature", "opt_out", "legal", ""] = ""
    """What of the brand's own lines is put there where the text does not say it."""
    words: Mapping[str, str] = field(default_factory=dict)
    """How that is put, by language, the carrier's own first; without, as the brand puts it."""
    sender: Pattern = ""
    """How the name or number has to look from which it comes; it then says and names nothing."""
    label: str = ""
    """The label of the place's law that this holds to, as `optout/regimes` writes it."""


@dataclass(frozen=True, slots=True)
class Duties:
    """All of them, and where a language without a region is read."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    read_in: Mapping[str, tuple[str, ...]]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that mean one thing, for these purposes or beside these links."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: Key
    purposes: tuple[Purpose, ...]
    severity: Severity
    sentence: str
    source: str
    phrases: Phrases
    links: tuple[str, ...] = ()
    unless: Phrases = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tracking:
    """By which signs a link or picture betrays that it traces people."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    source: str
    signs: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """How a language speaks to a person formally, and how familiarly."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    formal: tuple[Pattern, ...]
    familiar: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Wordlist:
    """Everything that is looked for in words."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    groups: tuple[Group, ...]
    tracking: Tracking
    scores: Pattern
    address: Mapping[str, Address]


@lru_cache(maxsize=1)
def duties() -> Duties:
    """The duties that come with the product, read once."""
    return _read("duties.yaml", TypeAdapter(Duties))


@lru_cache(maxsize=1)
def words() -> Wordlist:
    """The phrases that come with the product, read once."""
    return _read("phrases.yaml", TypeAdapter(Wordlist))


@lru_cache(maxsize=1024)
def matcher(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these phrases, the longest first; no phrases find nothing."""
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(map(_expression, longest)) or r"(?!)", re.IGNORECASE)


def every_language(phrases: Phrases) -> tuple[str, ...]:
    """All phrases: an English offer in a Chinese text is an offer too."""
    return tuple(phrase for of_one in phrases.values() for phrase in of_one)


def _expression(phrase: str) -> str:
    parts = [r"\s+".join(map(re.escape, part.split())) for part in phrase.split("…")]
    body = rf".{{0,{_GAP}}}?".join(parts)
    # A Chinese word has no edges; a Latin one must not be found inside another.
    edges = (r"\b" if _latin(sign) else "" for sign in (phrase[0], phrase[-1]))
    return next(edges) + body + next(edges)


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _read(name: str, shape: TypeAdapter[T]) -> T:
    file = files("outreach.templates") / "rules" / name
    return documents.read(file.read_text(encoding="utf-8"), shape, name=name)
