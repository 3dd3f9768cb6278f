"""Which screens are there, in which order, and what must somebody be allowed to open each?"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One screen: its path, the word for it, and the right of the role table that it needs."""

    path: str
    word: str
    right: str


PLACES: tuple[Place, ...] = (
    Place("/", "today", "today.read"),
    Place("/campaigns", "campaigns", "campaigns.read"),
    Place("/templates", "templates", "templates.read"),
    Place("/planned", "planned", "calendar.read"),
    Place("/why", "why", "why.read"),
    Place("/unsent", "unsent", "touches.read"),
    Place("/people", "people", "people.read"),
    Place("/desk", "desk", "tasks.work"),
    Place("/lead", "lead", "queues.read"),
    Place("/consent", "consent_screen", "registers.read"),
    Place("/hours", "hours", "hours.read"),
    Place("/exports", "exports", "exports.read"),
    Place("/surveys", "surveys", "surveys.read"),
    Place("/reports", "reports", "reports.read"),
    Place("/portal", "portal", "portal.read"),
    Place("/settings", "settings", "settings.read"),
)  # fmt: skip


def home(may: Callable[[str], bool]) -> Place | None:
    """The first screen that somebody with these rights may open; none where there is none."""
    return next((place for place in PLACES if may(place.right)), None)


def here(path: str) -> Place | None:
    """The screen to which a path belongs: the one with the longest path that begins it."""
    around = [p for p in PLACES if path == p.path or path.startswith(f"{p.path.rstrip('/')}/")]
    return max(around, key=lambda place: len(place.path), default=None)
