"""Which promised hour breaks first when there is more than a channel carries?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from outreach.callbacks import document
from outreach.callbacks.document import Agent, Queue
from outreach.errors import Invalid
from outreach.replay import load, staffing
from outreach.replay.load import Capacity

NINE = datetime(2026, 11, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
_AGENT = TypeAdapter(Agent)


def _sms(*volumes: int) -> Mapping[tuple[datetime, str], int]:
    return {(NINE + place * HOUR, "sms"): many for place, many in enumerate(volumes)}


def _queue(*agents: Agent) -> Queue:
    return replace(document.built_in(), agents=agents)


def test_what_fits_breaks_nothing() -> None:
    """Exactly full is not too full."""
    assert load.breaks(_sms(100, 100), [Capacity("sms", 100)]) == []


def test_the_first_hour_that_is_too_full_breaks_and_says_how_late_the_last_is() -> None:
    """250 in an hour that carries 100: the last of them leaves two hours late."""
    (broken,) = load.breaks(_sms(100, 250), [Capacity("sms", 100)])
    assert (broken.hour, broken.wanted, broken.carried) == (NINE + HOUR, 250, 100)
    assert broken.late_by == 2 * HOUR


def test_five_times_the_volume_breaks_what_carries_it_once() -> None:
    """The scale multiplies every hour."""
    assert load.breaks(_sms(30), [Capacity("sms", 100)]) == []
    (broken,) = load.breaks(_sms(30), [Capacity("sms", 100)], scale=5)
    assert (broken.wanted, broken.late_by) == (150, HOUR)


def test_nobody_calls_between_shifts() -> None:
    """What is left when the shift ends waits for the next morning."""
    (capacity,) = load.read(["voice=10@9-11,Asia/Shanghai"])
    ten_there = datetime(2026, 11, 11, 2, tzinfo=UTC)
    (broken,) = load.breaks({(ten_there, "voice"): 15}, [capacity])
    assert broken.hour == ten_there
    assert ten_there + (broken.late_by or HOUR) == datetime(2026, 11, 12, 1, tzinfo=UTC)


def test_a_shift_over_midnight_is_read() -> None:
    """From 22 to 6 there is somebody at 23 and at 5, and nobody at 6."""
    night = Capacity("voice", 4, 22, 6)
    assert [night.at(NINE.replace(hour=hour)) for hour in (21, 22, 5, 6)] == [0, 4, 4, 0]


def test_what_no_shift_ever_carries_is_not_made_up_for() -> None:
    """Without capacity nothing leaves."""
    (broken,) = load.breaks(_sms(1), [Capacity("sms", 0)])
    assert broken.late_by is None


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("sms", "'sms' is no capacity"),
        ("sms=fast", "is no capacity"),
        ("voice=4@9-18,Mars/North", "'Mars/North'"),
        ("voice=4@9-30", "an hour after 24"),
    ],
)
def test_what_cannot_be_read_is_named(told: str, says: str) -> None:
    """With an example of what can."""
    with pytest.raises(Invalid, match=says):
        load.read([told])


@settings(max_examples=60, deadline=None)
@given(volumes=st.lists(st.integers(0, 500), min_size=1, max_size=12), per_hour=st.integers(1, 400))
def test_an_hour_breaks_exactly_when_some_hour_cannot_carry_its_queue(
    volumes: list[int], per_hour: int
) -> None:
    """Held against a queue that is written out by hand."""
    waiting, first = 0, None
    for place, many in enumerate(volumes):
        waiting = max(0, waiting + many - per_hour)
        first = place if waiting and first is None else first
    found = load.breaks(_sms(*volumes), [Capacity("sms", per_hour)])
    assert [one.hour for one in found] == ([] if first is None else [NINE + first * HOUR])


def test_agents_carry_what_their_shifts_have_room_for() -> None:
    """Two agents of twelve calls an hour from nine on, one of whom comes at half past."""
    early, late = (
        _AGENT.validate_python(
            {
                "key": key,
                "name": key,
                "zone": "Asia/Shanghai",
                "hours": {"mon-sun": [f"{at}-18:00"]},
            }
        )
        for key, at in (("ana", "09:00"), ("bo", "09:30"))
    )  # fmt: skip
    (shifts,) = staffing.of([_queue(early, late), _queue(late)], handling=timedelta(minutes=5))
    nine_there = datetime(2026, 11, 11, 1, tzinfo=UTC)
    carried = [shifts.at(nine_there + hour * HOUR) for hour in (-1, 0, 1, 8, 9)]
    assert carried == [0, 18, 24, 24, 0]
    twice = staffing.of([_queue(replace(early, key="bo")), _queue(late)], handling=HOUR)
    copies = staffing.of([replace(document.built_in("copy"), agents=(early,))], handling=HOUR)
    assert ([one.at(nine_there) for one in twice], copies) == ([1], [])
    (broken,) = load.breaks({(nine_there, "voice"): 20}, [shifts])
    assert (broken.carried, broken.late_by, broken.by) == (
        18, HOUR, "voice by the shifts of 2 agents, 5 min a call",
    )  # fmt: skip
    assert staffing.of([_queue()], handling=HOUR) == []
