"""Which of several contacts due for one person goes first?

A total order that depends on the contacts alone and not on which worker came first: priority, then
value, then the earliest last useful moment, then the id.
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from optout.model import Purpose
from outreach.dispatch.gate import CHAIN, judge, outranked
from outreach.dispatch.model import Facts, Rival, Send, Touch

# A rival counts only if nothing else keeps it back.
_BEFORE = tuple(check for check in CHAIN if check is not outranked)


def rank(touch: Touch, value: float) -> tuple[float, ...]:
    """Smaller goes first."""
    return (-touch.priority, -value, touch.useless_after.timestamp())


def with_rivals(gathered: Iterable[Facts]) -> list[Facts]:
    """The same facts, each told which others of its person would go out now."""
    gathered = list(gathered)
    ready: dict[UUID, list[Facts]] = {}
    for facts in gathered:
        if facts.touch.purpose is not Purpose.TRANSACTIONAL and _would_go(facts):
            ready.setdefault(facts.touch.person_id, []).append(facts)
    return [replace(f, rivals=_rivals(f, ready.get(f.touch.person_id, ()))) for f in gathered]


def _would_go(facts: Facts) -> bool:
    return isinstance(judge(facts, _BEFORE), Send)


def _rivals(facts: Facts, ready: Iterable[Facts]) -> tuple[Rival, ...]:
    return tuple(
        Rival(other.touch.id, other.campaign, other.rank)
        for other in ready
        if other.touch.id != facts.touch.id
    )
