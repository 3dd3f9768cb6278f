"""May somebody take rows out alone, decide about another's asking, and fetch what was approved?

Rows that one person took out alone count for a day, so that many small exports are one large one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from outreach.exports.model import Export

Objection: TypeAlias = Literal["own", "decided", "over", "others", "waiting", "refused"]

SENTENCES: Mapping[Objection, str] = {
    "own": "you asked for it yourself: another person decides about it",
    "decided": "somebody has decided about it already",
    "over": "its time is over: ask for it again",
    "others": "only who asked for it fetches it",
    "waiting": "nobody has approved it yet: have another person do so",
    "refused": "it was refused: look who refused it, and ask them why",
}


def alone(rows: int, *, taken: int, most: int) -> bool:
    """Whether so many rows may leave on one person's word, who took out `taken` in the last day."""
    return taken + rows <= most


def not_decide(export: Export, *, by: str, now: datetime) -> Objection | None:
    """What keeps `by` from approving or refusing it; None when nothing does."""
    if export.by == by:
        return "own"
    state = export.state(now=now)
    if state == "over":
        return "over"
    return None if state == "waiting" else "decided"


def not_take(export: Export, *, by: str, now: datetime) -> Objection | None:
    """What keeps `by` from fetching it; None when nothing does."""
    if export.by != by:
        return "others"
    state = export.state(now=now)
    return None if state == "approved" else state
