"""Has another person said yes to exactly what would go live?

A word is given for one version together with the texts and surveys with which it would go live. Who
wrote the version approves nothing of it; where nobody knows who wrote it, since a key or a command
brought it, whoever lets it go live does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias
from uuid import UUID

Missing: TypeAlias = Literal["approval", "another", "anew"]
"""Nobody's word at all; only the writer's own; one, but for other texts or surveys."""

SENTENCES: Mapping[Missing, str] = {
    "approval": "nobody has approved it yet: have another person do so",
    "another": "nobody but its writer, or you yourself, has approved it: have another person do so",
    "anew": "its texts or surveys have changed since it was approved: have it approved again",
}


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word it is, and what `covered` told of what they had seen; empty for nothing known."""

    by: str
    covers: str


def covered(version: UUID, pins: Mapping[str, UUID]) -> str:
    """The SHA-256, in hex, of a version's id with those of its texts and surveys."""
    lines = (f"{key}={pin}" for key, pin in sorted(pins.items()))
    return sha256("\n".join((str(version), *lines)).encode()).hexdigest()


def missing(words: Iterable[Word], *, covers: str, author: str | None, by: str) -> Missing | None:
    """What keeps `by` from letting it go live; None when nothing does."""
    given = list(words)
    if not given:
        return "approval"
    others = [word for word in given if word.by != (author or by)]
    if not others:
        return "another"
    return None if any(word.covers == covers for word in others) else "anew"
