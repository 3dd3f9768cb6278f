"""Where may a version of a campaign go from here?

A version is read and approved as a draft, takes people in while it is live, and never changes then.
When a newer one goes live it takes nobody in any more, but whoever is under way in it finishes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from outreach.errors import Conflict

Stage = Literal["glance", "share", "all"]
STAGES: tuple[Stage, ...] = ("glance", "share", "all")
"""How far the careful start of a version has come; each release goes one on."""


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    LIVE = "live"
    PAUSED = "paused"
    FINISHING = "finishing"
    ENDED = "ended"


# The one table of allowed moves. Nothing comes back from an end: the same text, imported again,
# is a new version.
MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.LIVE, State.ENDED}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.LIVE, State.ENDED}),
    State.LIVE: frozenset({State.PAUSED, State.FINISHING, State.ENDED}),
    State.PAUSED: frozenset({State.LIVE, State.FINISHING, State.ENDED}),
    State.FINISHING: frozenset({State.PAUSED, State.ENDED}),
    State.ENDED: frozenset(),
}

# Passages are under way in these.
RUNNING = frozenset({State.LIVE, State.PAUSED, State.FINISHING})

# What to do instead, for whoever asks for a move that is not in the table.
_INSTEAD = {
    State.DRAFT: "activate it first",
    State.IN_REVIEW: "activate it first",
    State.LIVE: "it takes people in already",
    State.PAUSED: "resume or end it",
    State.FINISHING: "a newer version has taken its place",
    State.ENDED: "import it again: that makes a new version",
}


def origins(to: State) -> tuple[State, ...]:
    """The states from which a version may go there."""
    return tuple(state for state, ways in MOVES.items() if to in ways)


def nothing(key: str, state: str, deed: str) -> Conflict:
    """The refusal of a deed for which no version is in the right state."""
    return Conflict(f"campaign {key!r} is {_shown(state)}: there is nothing to {deed}", state=state)


def check(key: str, state: str, to: State) -> None:
    """Raises `Conflict` when the table has no such move, and says what would do."""
    if to not in MOVES[State(state)]:
        instead = _INSTEAD[State(state)]
        raise Conflict(f"campaign {key!r} is {_shown(state)}: {instead}", state=state)


def _shown(state: str) -> str:
    return state.replace("_", " ")
