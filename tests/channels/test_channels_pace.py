"""Do all workers together keep to a provider's pace, whether Redis is there or not?"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.channels.careful import Careful
from outreach.channels.memory import Memory
from outreach.channels.opening import open_way
from outreach.channels.pace import Alone, Together
from outreach.channels.protocol import Accepted, Refused
from outreach.embedded import desk
from outreach.errors import Misconfigured
from tests.channels.builders import NOW, a_closed_port, a_text


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=60), st.integers(1, 5))
@settings(max_examples=50)
def test_no_second_holds_more_than_the_pace(gaps: list[float], a_second: int) -> None:
    """Whichever second one looks at."""
    now, taken = 0.0, []
    pace = Alone(a_second, steady=lambda: now)
    for gap in gaps:
        now += gap
        if pace.admits():
            taken.append(now)
    for start in taken:
        assert sum(1 for at in taken if start <= at < start + 1) <= a_second


def test_workers_count_together(servers: desk.Servers) -> None:
    """Two limiters of one name admit no more than one would, over the seconds that it takes."""
    both = [Together("shared", 5, servers.redis_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda one: Counter(one.admits() for _ in range(50)), both))
    assert 5 <= sum(count[True] for count in counts) <= 10  # the second may turn once meanwhile


def test_without_redis_each_counts_for_itself() -> None:
    """And does not ask it again for a while."""
    now = 0.0
    away = f"redis://127.0.0.1:{a_closed_port()}/0"
    pace = Together("away", 3, away, steady=lambda: now)
    assert [pace.admits() for _ in range(5)] == [True] * 3 + [False] * 2


class Never:
    def admits(self) -> bool:
        return False


def test_what_has_no_turn_waits_in_the_table() -> None:
    """It is refused for now, without a call, once the handful has waited a little."""
    memory = Memory()
    seconds = iter(range(100))
    way = Careful(memory, pace=Never(), steady=lambda: float(next(seconds)))
    [(_, answer)] = way.hand_over([a_text(deadline=1e9)])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("busy", False)
    assert memory.handed == []


def test_what_has_its_turn_leaves() -> None:
    """Nothing is held up where the pace is not reached."""
    way = Careful(Memory(), pace=Alone(100))
    assert all(
        isinstance(answer, Accepted) for _, answer in way.hand_over([a_text(n) for n in range(9)])
    )


@pytest.mark.parametrize("pace", ["0", "fast", "-1", "1.5"])
def test_a_pace_that_is_none_is_refused(pace: str) -> None:
    """With a word about what it takes."""
    with pytest.raises(Misconfigured, match="pace"):
        open_way(f"telnyx://key@?pace={pace}", clock=lambda: NOW)
