"""Are the same facts known again, and is anything that differs seen?"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from outreach.dispatch.digests import Digests
from outreach.dispatch.model import Facts, Silence
from tests.dispatch import builders as d

FACTS = d.facts(attempts=(d.attempted(3),), rivals=(d.a_rival(),))
OTHER = (
    replace(FACTS, touch=replace(FACTS.touch, id=UUID(int=7))),
    replace(FACTS, touch=replace(FACTS.touch, step=FACTS.touch.step + 1)),
    replace(FACTS, now=FACTS.now + timedelta(microseconds=1)),
    replace(FACTS, campaign=FACTS.campaign + "2"),
    replace(FACTS, decision=None),
    replace(FACTS, care=Silence(deceased=True)),
    replace(FACTS, admission=replace(FACTS.admission, closes_at=FACTS.now)),
    replace(FACTS, attempts=()),
    replace(FACTS, rivals=()),
    replace(FACTS, apart=FACTS.apart + timedelta(seconds=1)),
    replace(FACTS, drops=not FACTS.drops),
)


def test_the_same_facts_have_one_digest_alone_and_among_others() -> None:
    """Parts that were written out for others before change nothing."""
    together = Digests()
    for one in OTHER:
        together.of(one)
    assert together.of(FACTS) == Digests().of(FACTS)


def test_how_often_it_was_claimed_is_no_fact() -> None:
    again = replace(FACTS, touch=replace(FACTS.touch, fence=FACTS.touch.fence + 1))
    assert Digests().of(again) == Digests().of(FACTS)


def test_why_it_was_held_before_is_no_fact() -> None:
    """A replay may have held it for something else meanwhile, and judges as history did."""
    held = replace(FACTS, touch=replace(FACTS.touch, reason="cap"))
    assert Digests().of(held) == Digests().of(FACTS)


@pytest.mark.parametrize("other", OTHER)
def test_whatever_differs_is_seen(other: Facts) -> None:
    """One part of the facts is another, and so is the digest."""
    assert Digests().of(other) != Digests().of(FACTS)
