"""Is a provider that fails left alone, and one that works never?"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.channels.breaker import Breaker
from outreach.channels.careful import Careful
from outreach.channels.memory import Memory
from outreach.channels.protocol import TOO_LATE, Accepted, Answer, Outgoing, Refused, Uncertain
from tests.channels.builders import a_text

DOWN = Refused("unreachable", "no connection", permanent=False)
AT_FAULT = Refused("rejected", "no such number", permanent=True)
SOON = Refused("busy", "429", permanent=False, retry_after=timedelta(seconds=1))


def after(*answers: Answer) -> Breaker:
    breaker = Breaker()
    for answer in answers:
        breaker.heard(answer, 100.0)
    return breaker


@pytest.mark.parametrize(
    "answer", [DOWN, Uncertain("no answer"), Refused("login", "", permanent=False)]
)
def test_three_failures_in_a_row_close_the_way(answer: Answer) -> None:
    """For fifteen seconds; two do not."""
    assert after(answer, answer).wait(100.0) == 0
    assert after(answer, answer, answer).wait(100.0) == 15


@pytest.mark.parametrize("answer", [AT_FAULT, TOO_LATE])
def test_a_message_at_fault_says_nothing_against_the_provider(answer: Answer) -> None:
    """However many there are, and between failures they do not count as answers either."""
    assert after(*[answer] * 10).wait(100.0) == 0
    assert after(DOWN, answer, DOWN, answer, DOWN).wait(100.0) > 0


def test_a_success_between_failures_begins_the_count_anew() -> None:
    """The provider works."""
    assert after(DOWN, DOWN, Accepted(), DOWN, DOWN).wait(100.0) == 0


def test_after_the_pause_one_call_goes_ahead() -> None:
    """The others wait for its answer; what it comes to decides."""
    breaker = after(DOWN, DOWN, DOWN)
    assert breaker.wait(115.0) == 0
    assert breaker.wait(115.0) > 0
    breaker.heard(Accepted(), 116.0)
    assert breaker.wait(116.0) == 0
    assert breaker.wait(116.0) == 0


def test_a_message_at_fault_ends_the_pause() -> None:
    """Whoever says no to a message is there."""
    breaker = after(DOWN, DOWN, DOWN)
    assert breaker.wait(115.0) == 0
    breaker.heard(AT_FAULT, 116.0)
    assert [breaker.wait(116.0), breaker.wait(116.0)] == [0, 0]


def test_what_made_no_call_leaves_the_turn_to_another() -> None:
    """It was too late for this one, or the provider's pace held it."""
    breaker = after(DOWN, DOWN, DOWN)
    assert breaker.wait(115.0) == 0
    breaker.heard(TOO_LATE, 115.0)
    assert breaker.wait(115.0) == 0
    held = Careful(Memory(), pace=Never(), breaker=breaker, steady=iter(range(116, 999)).__next__)
    breaker.uncalled()
    [(_, answer)] = held.hand_over([a_text()])
    assert isinstance(answer, Refused)
    assert breaker.wait(118.0) == 0


class Never:
    """A pace that admits nothing."""

    def admits(self) -> bool:
        return False


def test_who_fails_again_is_left_alone_for_longer() -> None:
    """Twice as long each time, five minutes at most."""
    breaker, now, pauses = after(DOWN, DOWN, DOWN), 100.0, []
    for _ in range(7):
        pauses.append(breaker.wait(now))
        now += pauses[-1]
        assert breaker.wait(now) == 0
        breaker.heard(DOWN, now)
    assert pauses == [15, 30, 60, 120, 240, 300, 300]


def test_a_call_that_never_comes_back_holds_up_the_others_for_a_while_only() -> None:
    """Its worker may have died."""
    breaker = after(DOWN, DOWN, DOWN)
    assert breaker.wait(115.0) == 0
    assert breaker.wait(146.0) == 0


@pytest.mark.parametrize(("asked", "waits"), [(7, 7), (0, 1), (86_400, 300)])
def test_a_provider_that_names_an_instant_is_taken_at_its_word(asked: int, waits: int) -> None:
    """At once, and for five minutes at most."""
    busy = Refused("busy", "", permanent=False, retry_after=timedelta(seconds=asked))
    assert after(busy).wait(100.0) == waits


def test_who_puts_us_off_again_and_again_is_asked_ever_more_seldom() -> None:
    """Calls that went ahead together count once; the word of the first three is kept."""
    breaker, now, waits = Breaker(), 100.0, []
    for _ in range(10):
        for _ in range(3):
            breaker.heard(SOON, now)
        waits.append(breaker.wait(now))
        now += waits[-1]
    assert waits == [1, 1, 1, 15, 30, 60, 120, 240, 300, 300]
    breaker.heard(Accepted(), now)
    breaker.heard(SOON, now)
    assert breaker.wait(now) == 1


@given(st.lists(st.sampled_from([DOWN, AT_FAULT, Accepted(), Uncertain("?")]), max_size=30))
@settings(max_examples=50)
def test_it_is_open_after_any_success(answers: list[Answer]) -> None:
    """Whatever came before."""
    assert after(*answers, Accepted()).wait(100.0) == 0


def test_a_failing_provider_is_called_three_times_and_no_other_waits_for_it() -> None:
    """The rest of its handful is refused for now without a call; another way is not touched."""
    failing, healthy = Memory(lambda _: Uncertain("no answer")), Memory()
    ways = Careful(failing, steady=lambda: 100.0), Careful(healthy, steady=lambda: 100.0)
    texts = [a_text(n) for n in range(10)]
    down, up = ([answer for _, answer in way.hand_over(texts)] for way in ways)
    assert [type(answer) for answer in down] == [Uncertain] * 3 + [Refused] * 7
    assert len(failing.handed) == 3
    assert all(isinstance(answer, Accepted) for answer in up)


def test_what_waits_is_told_until_when() -> None:
    """And surely was not sent."""

    def busy(one: Outgoing) -> Answer:
        del one
        return Refused("busy", "429", permanent=False, retry_after=timedelta(seconds=9))

    way = Careful(Memory(busy), steady=lambda: 100.0)
    [_, (_, second)] = way.hand_over([a_text(1), a_text(2)])
    assert isinstance(second, Refused)
    assert (second.reason, second.permanent) == ("busy", False)
    assert second.retry_after == timedelta(seconds=9)
