"""Which screens are there, in which order, and what must somebody be allowed to open each?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One screen: its path, the word for it, and the action of the role table that it needs."""

    path: str
    word: str
    action: str


PLACES: tuple[Place, ...] = (
    Place("/", "today", "see"),
    Place("/campaigns", "campaigns", "see"),
    Place("/why", "why", "see"),
    Place("/unsent", "unsent", "see"),
    Place("/people", "people", "see"),
    Place("/desk", "desk", "see"),
)  # fmt: skip


def here(path: str) -> Place | None:
    """The screen to which a path belongs: the one with the longest path that begins it."""
    around = [p for p in PLACES if path == p.path or path.startswith(f"{p.path.rstrip('/')}/")]
    return max(around, key=lambda place: len(place.path), default=None)
