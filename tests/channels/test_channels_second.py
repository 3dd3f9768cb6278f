"""Does a second provider send what the first surely did not, and nothing else?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.keys import Key
from outreach.channels.memory import Memory
from outreach.channels.opening import connections, named, open_way
from outreach.channels.protocol import TOO_LATE, Accepted, Answer, Refused, Uncertain
from outreach.channels.returns import Returns
from outreach.channels.second import InTurn
from outreach.errors import Misconfigured
from tests.channels.builders import NOW, a_text

DOWN = Refused("unreachable", "no connection", permanent=False)
BUSY = Refused("busy", "429", permanent=False)
ANSWERS = [
    Accepted("1"), Uncertain("no answer"), DOWN, BUSY, TOO_LATE,
    Refused("login", "401", permanent=False), Refused("rejected", "400", permanent=True),
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=12))
@settings(max_examples=100)
def test_nobody_may_have_it_twice(plan: list[tuple[Answer, Answer]]) -> None:
    """One of the two at most may have sent a text, and each text has one answer."""
    texts = [a_text(n) for n in range(len(plan))]
    by_id = {one.touch_id: answers for one, answers in zip(texts, plan, strict=True)}
    first = Memory(lambda one: by_id[one.touch_id][0])
    second = Memory(lambda one: by_id[one.touch_id][1])
    answers = dict(InTurn(first, second).hand_over(texts))
    assert answers.keys() == by_id.keys()
    reached = [one.touch_id for way in (first, second) for one in way.reached]
    assert len(reached) == len(set(reached))


@pytest.mark.parametrize(("said", "passed_on"), [(DOWN, True), (BUSY, True), (TOO_LATE, False)])
def test_only_the_firsts_own_reasons_pass_a_text_on(said: Answer, *, passed_on: bool) -> None:
    """Our own deadline is the same for both."""
    second = Memory()
    [(_, answer)] = InTurn(Memory(lambda _: said), second).hand_over([a_text()])
    assert bool(second.handed) is passed_on
    assert isinstance(answer, Accepted) is passed_on


def test_a_key_known_to_one_is_not_known_to_both() -> None:
    """So nothing is repeated on trust in it."""
    one, both = (
        open_way(url, clock=lambda: NOW)
        for url in ("telnyx://key@", "telnyx://key@ twilio://AC1:token@")
    )
    assert (one.capabilities.idempotent, both.capabilities.idempotent) == (True, False)


@pytest.mark.parametrize(
    ("first", "second", "both"), [(None, None, None), (24, None, 24), (None, 24, 24), (48, 24, 24)]
)
def test_a_text_goes_freely_for_as_long_as_both_take_it(
    first: int | None, second: int | None, both: int | None
) -> None:
    """Whichever of them it reaches in the end."""
    within = [None if hours is None else timedelta(hours=hours) for hours in (first, second, both)]
    ways = [Memory(capabilities=replace(Memory().capabilities, free_within=w)) for w in within]
    assert InTurn(*ways[:2]).capabilities == ways[2].capabilities


def test_two_urls_are_two_providers_in_their_turn() -> None:
    """Both of them report, and both are named."""
    way = open_way("telnyx://key@?pace=5 twilio://AC1:token@", clock=lambda: NOW)
    assert isinstance(way, InTurn)
    assert list(connections([way])) == ["telnyx", "twilio"]
    assert named(way) == "telnyx, then twilio"
    way.close()


def test_mail_is_marked_whichever_of_two_relays_takes_it() -> None:
    """So what comes back of it is known, from the first as from the second."""
    returns = Returns((Key(1, b"k" * 32),), "returns@care.example")
    way = open_way("smtp://one.example smtp://two.example", clock=lambda: NOW, returns=returns)
    assert way.capabilities.receipts == "pull"


def test_one_key_for_two_providers_is_refused() -> None:
    """It could be either's."""
    with pytest.raises(Misconfigured, match="its own URL"):
        open_way("telnyx://key@ twilio://AC1:token@", clock=lambda: NOW, token="t")
