"""Does a withdrawal wait for what is in the air, and no longer than it may?"""

from datetime import timedelta

from optout.drain import drain


class Air:
    """What is in the air after each pause, and a clock that only pauses move."""

    def __init__(self, *later: list[str]) -> None:
        self.later = list(later)
        self.time = 0.0

    def in_air(self) -> list[str]:
        return self.later[0]

    def pause(self, wait: timedelta) -> None:
        self.time += wait.total_seconds()
        if len(self.later) > 1:
            self.later.pop(0)


def drained(air: Air, seconds: float) -> list[str]:
    patience = timedelta(seconds=seconds)
    return list(drain(air.in_air, patience=patience, pause=air.pause, monotonic=lambda: air.time))


def test_nothing_in_the_air_answers_at_once() -> None:
    air = Air([])
    assert drained(air, 2) == []
    assert air.time == 0


def test_it_waits_until_the_air_is_clear() -> None:
    air = Air(["tch_1", "tch_2"], ["tch_2"], [])
    assert drained(air, 2) == []
    assert 0 < air.time < 0.1


def test_patience_ends_and_what_still_flies_is_named() -> None:
    air = Air(["tch_1", "tch_2"], ["tch_2"])
    assert drained(air, 2) == ["tch_2"]
    assert 2 <= air.time < 2.1


def test_without_patience_it_looks_once() -> None:
    air = Air(["tch_1"])
    assert drained(air, 0) == ["tch_1"]
    assert air.time == 0
