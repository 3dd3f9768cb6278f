"""Do as many calls begin together as a provider takes in a moment, and no more?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from optout.model import Channel
from outreach.channels.protocol import Accepted, Refused, Uncertain
from outreach.dispatch import stride
from outreach.dispatch.begun import FEW
from outreach.dispatch.stride import Strides

MAIL = Channel.EMAIL
_BUSY = Refused("busy", "", permanent=False)


def few(strides: Strides) -> int:
    return strides.few(MAIL, handful=1000)


def test_of_a_provider_of_which_nothing_is_known_the_fewest_begin() -> None:
    """What another way out takes says nothing about it."""
    strides = Strides()
    strides.took(Channel.SMS, [Accepted()] * 100, seconds=0.01)
    assert few(strides) == FEW


def test_who_is_fast_gets_more_and_at_most_twice_as_many_each_time() -> None:
    """One lucky answer is no pace; nor do more begin than there are to be called."""
    strides, seen = Strides(), []
    for _ in range(6):
        seen.append(few(strides))
        strides.took(MAIL, [Accepted()] * few(strides), seconds=0.001)
    assert seen == [4, 8, 16, 32, 64, stride.MOST]
    assert strides.few(MAIL, handful=3) == 3


def test_who_slows_down_or_takes_nothing_gets_the_fewest_at_once() -> None:
    """What begins while a provider is in trouble would be uncertain."""
    for answers, seconds in (([Accepted()] * 10, 5.0), ([_BUSY] * 100, 0.001), ([], 0.0)):
        strides = Strides()
        for _ in range(6):
            strides.took(MAIL, [Accepted()] * 100, seconds=0.01)
        strides.took(MAIL, answers, seconds=seconds)
        assert few(strides) == FEW


def test_who_takes_hundreds_a_second_is_quick_for_those_without_a_way_of_their_own() -> None:
    """Given a brand whose own provider takes few, and an installation whose relay takes many."""
    strides = Strides()
    for _ in range(6):
        strides.took(MAIL, [Accepted()] * 100, seconds=0.01)
    strides.of("own").took(MAIL, [Accepted()] * 4, seconds=2.0)
    assert strides.quick(MAIL, brand="lumen")
    assert not strides.quick(MAIL, brand="own")


def test_one_mail_between_many_says_nothing_against_their_pace() -> None:
    """Given a provider that takes a thousand a second, when it takes one within a moment."""
    strides = Strides()
    for _ in range(6):
        strides.took(MAIL, [Accepted()] * 100, seconds=0.01)
    strides.took(MAIL, [Accepted()], seconds=0.05)
    assert few(strides) == stride.MOST


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 200), st.floats(0, 30)), max_size=8))
def test_no_history_takes_the_numbers_beyond_their_ends(told: list[tuple[int, float]]) -> None:
    """Whatever was seen, and however short it took."""
    strides = Strides()
    for taken, seconds in told:
        strides.took(MAIL, [Accepted()] * taken, seconds=seconds)
        assert FEW <= few(strides) <= stride.MOST
        assert 32 <= strides.handful(MAIL, fewest=32, most=100) <= 100
        assert 100 <= strides.batch(MAIL, fewest=100, most=400) <= 400


def test_what_nearly_all_of_a_batch_may_do_is_judged_at_its_mark_alone() -> None:
    """Of that brand on that channel, and until more than a few of a batch are kept back."""
    strides = Strides()
    assert not strides.nearly_all_go("ours")
    for went, of, expected in ((49, 49, False), (50, 50, True), (44, 50, False), (90, 100, True)):
        strides.went("ours", went, of=of)
        assert strides.nearly_all_go("ours") is expected
    assert not strides.nearly_all_go("theirs")


def test_who_puts_everything_off_is_stalled_until_that_was_told() -> None:
    """A refusal for good is an answer, and one that was taken is one too."""
    gone, quiet = Refused("rejected", "", permanent=True), Uncertain("")
    for answers, stalled in (
        ([_BUSY, quiet], True), ([_BUSY, gone], False), ([_BUSY, Accepted()], False), ([], False),
    ):  # fmt: skip
        strides = Strides()
        strides.took(MAIL, answers, seconds=0.1)
        assert (strides.stalled(MAIL), strides.stalled(MAIL)) == (stalled, False)
