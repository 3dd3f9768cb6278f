"""Who goes first, and does that depend on who came first? (It must not.)"""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from optout.model import Purpose
from outreach.dispatch.arbitration import rank, with_rivals
from outreach.dispatch.gate import judge
from outreach.dispatch.model import Facts, Send
from tests.builders import NOON
from tests.dispatch import builders as d


def contender(number: int, priority: int = 50, value: float = 0.0, **changes: object) -> Facts:
    touch = d.a_touch(number, priority=priority, **changes)
    return d.facts(touch=touch, rank=rank(touch, value))


def winners(*contenders: Facts) -> set[int]:
    told = with_rivals(contenders)
    return {f.touch.id.int for f in told if judge(f) == Send()}


def test_priority_goes_before_value_and_value_before_haste() -> None:
    """And where all are alike, the id decides, so that exactly one goes."""
    soon = NOON + timedelta(hours=5)
    assert winners(contender(1, 60), contender(2, 70, value=-1)) == {2}
    assert winners(contender(1, value=2), contender(2, value=3)) == {2}
    assert winners(contender(1), contender(2, useless_after=soon)) == {2}
    assert winners(contender(2), contender(1)) == {1}


def test_whoever_asks_first_the_same_one_goes() -> None:
    """All orders of four contenders, one winner."""
    four = [contender(1, 50), contender(2, 70), contender(3, 70, value=5), contender(4, 10)]
    assert {frozenset(winners(*order)) for order in permutations(four)} == {frozenset({3})}


def test_whoever_asks_first_all_have_the_same_rivals() -> None:
    """In one order, so that a replay that reads them in another rests on the same facts."""
    three = [contender(1, 50), contender(2, 70), contender(3, 70, value=5)]
    told = [with_rivals(order) for order in permutations(three)]
    assert len({frozenset((one.touch.id, one.rivals) for one in some) for some in told}) == 1
    assert {len(one.rivals) for some in told for one in some} == {2}


def test_a_rival_that_is_itself_held_holds_nobody() -> None:
    """Outside of its hours the higher one does not stand in the way of the lower one."""
    high = contender(1, 90)
    held = d.facts(touch=high.touch, rank=high.rank, admission=d.closed(3))
    assert winners(held, contender(2, 10)) == {2}


@pytest.mark.parametrize("reason", ["agents_busy", "provider_busy"])
def test_what_waits_for_agents_or_a_provider_holds_nobody(reason: str) -> None:
    """Until it is due again: then it competes as ever."""
    later = NOON + timedelta(hours=1)
    later = NOON + timedelta(hours=1)
    high = replace(contender(1, 90, state="planned", reason=reason, due_at=later), now=later)
    low = replace(contender(2, 10), horizon=timedelta(hours=2))
    due = replace(high, touch=replace(high.touch, state="claimed"))
    assert 2 in winners(high, low)
    assert 2 not in winners(due, low)


def test_each_person_has_a_contest_of_their_own() -> None:
    """Nobody is outranked by somebody else's message."""
    other = contender(2, 90, person_id=UUID(int=77))
    assert winners(contender(1), other) == {1, 2}


def test_transactional_contacts_do_not_contend() -> None:
    """News of an order outranks nobody and is outranked by nobody."""
    news = contender(1, 90, purpose=Purpose.TRANSACTIONAL)
    assert winners(news, contender(2, 10)) == {1, 2}
