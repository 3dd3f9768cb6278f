"""Do Erlang's formulas give what was published?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.callbacks import erlang

LOAD = 200 / 3600 * 180  # 200 calls an hour, 3 minutes each


@pytest.mark.parametrize(("agents", "load", "printed"), [(1, 1.0, 0.5), (10, 10.0, 0.2146)])
def test_blocking_is_as_printed(agents: int, load: float, printed: float) -> None:
    assert erlang.blocked(agents, load) == pytest.approx(printed, abs=5e-5)


def test_a_published_example_comes_out_as_published() -> None:
    """Eleven agents let 68.2 % wait; fourteen 17.4 %, for 7.8 s, with 88.8 % within 20 s."""
    assert erlang.waits(11, LOAD) == pytest.approx(0.682, abs=5e-4)
    assert erlang.waits(14, LOAD) == pytest.approx(0.174, abs=5e-4)
    assert erlang.mean_wait(14, LOAD, handling=180) == pytest.approx(7.8, abs=0.05)
    assert erlang.in_time(14, LOAD, within=20, handling=180) == pytest.approx(0.888, abs=5e-4)


def test_the_highest_rate_is_the_one_that_just_suffices() -> None:
    """The example read backwards: fourteen agents, 88.8 %, so two hundred calls an hour."""
    share = erlang.in_time(14, LOAD, within=20, handling=180)
    rate = erlang.most(14, share=share, within=20, handling=180)
    assert rate * 3600 == pytest.approx(200, rel=1e-6)


def test_nobody_answers_nothing_and_too_much_waits_for_ever() -> None:
    assert erlang.most(0, share=0.8, within=20, handling=180) == 0
    assert erlang.waits(5, 5) == 1
    assert erlang.mean_wait(5, 6, handling=60) == float("inf")


@settings(max_examples=60)
@given(agents=st.integers(1, 80), part=st.floats(0.05, 0.95))
def test_more_agents_never_let_more_wait(agents: int, part: float) -> None:
    load = agents * part
    assert 0 <= erlang.waits(agents + 1, load) <= erlang.waits(agents, load) <= 1
