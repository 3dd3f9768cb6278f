"""Which of several contacts due for one person goes first?

A total order that depends on the contacts alone and not on which worker came first: priority, then
value, then the earliest last useful moment, then the id. A contact that is due a little later
counts too, where the one that is due now would stand in its way.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from optout.model import Purpose
from outreach.dispatch.gate import CHAIN, judge, outranked, too_close, under_caps
from outreach.dispatch.model import Attempted, Facts, Reason, Rival, Send, Touch

_OPEN = frozenset({"planned", "claimed", "calling"})
# Waits for others and not for the person: nobody knows whether it will go when it is due again.
_NO_ROOM = frozenset({Reason.AGENTS_BUSY, Reason.PROVIDER_BUSY})
# A rival counts only if nothing else keeps it back.
_BEFORE = tuple(check for check in CHAIN if check is not outranked)


def rank(touch: Touch, value: float) -> tuple[float, ...]:
    """Smaller goes first."""
    return (-touch.priority, -value, touch.useless_after.timestamp())


def with_rivals(gathered: Iterable[Facts]) -> list[Facts]:
    """The same facts, each told which others of its person it has to reckon with.

    Facts of a contact that is due later stand as of that instant.
    """
    gathered = list(gathered)
    alike = Counter(facts.touch.person_id for facts in gathered)
    ready: dict[UUID, list[Facts]] = {}
    for facts in gathered:
        if alike[facts.touch.person_id] > 1 and _competes(facts) and _would_go(facts):
            ready.setdefault(facts.touch.person_id, []).append(facts)
    return [_told(facts, ready.get(facts.touch.person_id, ())) for facts in gathered]


def _told(facts: Facts, ready: Iterable[Facts]) -> Facts:
    rivals = _rivals(facts, ready)
    return replace(facts, rivals=rivals) if rivals else facts


def _competes(facts: Facts) -> bool:
    touch = facts.touch
    if touch.state not in _OPEN or touch.purpose is Purpose.TRANSACTIONAL:
        return False
    return not (touch.reason in _NO_ROOM and touch.state == "planned" and _later(facts))


def _later(facts: Facts) -> bool:
    """Whether it is due later: its facts stand as of the instant at which it is due, then."""
    return facts.touch.due_at >= facts.now


def _would_go(facts: Facts) -> bool:
    return isinstance(judge(facts, _BEFORE), Send)


def _rivals(facts: Facts, ready: Iterable[Facts]) -> tuple[Rival, ...]:
    """In an order of their own, since the same facts have the same hash, however they were read."""
    found = (
        Rival(
            other.touch.id, other.campaign, other.rank, other.named,
            other.now if other.now != facts.now else None,
        )
        for other in ready
        if other.touch.id != facts.touch.id and _in_the_way(facts, other)
    )  # fmt: skip
    return tuple(sorted(found, key=lambda rival: (rival.rank, rival.touch_id)))


def _in_the_way(facts: Facts, other: Facts) -> bool:
    """Whether the one, going now, would keep the other from going when it is due.

    What is due at the same instant always does, since contacts keep a distance. What is due before
    one that is looked at ahead of its time will have gone by then, and only that distance is left.
    """
    if other.now <= facts.now:
        return other.now == facts.now or facts.now - other.now < facts.apart
    if other.now > facts.now + facts.horizon:
        return False
    gone = Attempted(
        facts.touch.id, facts.now, facts.touch.channel, facts.touch.purpose, facts.product,
        same_passage=facts.touch.enrolment_id == other.touch.enrolment_id,
    )  # fmt: skip
    after = replace(other, attempts=(*other.attempts, gone))
    return under_caps(after) is not None or too_close(after) is not None
