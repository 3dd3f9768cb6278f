"""Is the verdict on each line of a list told again as it was, however many lines there are?"""

from hypothesis import given
from hypothesis import strategies as st

from optout.list_lines import Line
from optout.model import Identity, Kind
from outreach.inbound.taken_lists import MOST, Run, Runs, TakenList
from tests.builders import NOON

SOMEBODY = Identity(Kind.PHONE, "+12125550100")
LINES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["listed", "clear", "not a number", "too long"]))
)


def line(number: int, said: str) -> Line:
    read = said in {"listed", "clear"}
    return Line(number, SOMEBODY if read else None, said == "listed", "" if read else said)


def told(runs: Runs) -> list[tuple[int, str, str]]:
    kept = TakenList(
        1, NOON, "Ada", "own", "l.csv", NOON.date(), 0, 0, 0, runs.whole, tuple(runs.runs)
    )
    return list(kept.lines())


@given(LINES)
def test_each_line_is_told_again_with_its_verdict(steps: list[tuple[int, str]]) -> None:
    """Lines that are empty have a number and no verdict."""
    runs, number, expected = Runs(), 0, []
    for step, said in steps:
        number += step
        one = line(number, said)
        runs.hear(one)
        expected.append((number, one.verdict, one.problem))
    assert told(runs) == expected
    assert runs.whole


def test_lines_with_one_verdict_are_one_run() -> None:
    runs = Runs()
    for number in range(1, 1001):
        runs.hear(line(number, "listed"))
    assert runs.runs == [Run(1, 1000, "listed", "")]


def test_what_would_be_too_much_is_said_not_to_be_whole() -> None:
    runs = Runs()
    for number in range(1, MOST + 3):
        runs.hear(line(number, "listed" if number % 2 else "clear"))
    assert len(runs.runs) == MOST
    assert not runs.whole
