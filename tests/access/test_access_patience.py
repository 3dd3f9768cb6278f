"""Does guessing become slow, and does nobody stay outside for it?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach.access import patience
from outreach.access.patience import (
    ACCOUNT,
    ADDRESS,
    BROWSER,
    EVERYBODY,
    NONE,
    PACES,
    Tally,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SPAN = timedelta(hours=8)


def tried(kinds: list[str], *, every: timedelta, span: timedelta = SPAN) -> int:
    """How many of the attempts at this rate, all of them wrong, are let through in the span."""
    tallies: dict[str, Tally | None] = dict.fromkeys(kinds)
    let, now = 0, NOW
    while now < NOW + span:
        if patience.wait(tallies, now=now) == NONE:
            let += 1
            for kind, tally in tallies.items():
                tallies[kind] = Tally(patience.eased(tally, PACES[kind], now=now) + 1, now)
        now += every
    return let


def test_the_first_failures_cost_nothing() -> None:
    assert tried([ADDRESS], every=timedelta(milliseconds=1), span=timedelta(milliseconds=10)) == 10


def test_one_address_gets_about_one_guess_a_minute() -> None:
    """However often it asks."""
    assert tried([ADDRESS, EVERYBODY], every=timedelta(seconds=2)) < 10 + 8 * 60 + 10


def test_an_address_that_has_not_failed_does_not_wait_for_the_account() -> None:
    """Strangers have made ten thousand guesses at it, and its owner comes from elsewhere."""
    guessed = {ACCOUNT: Tally(10_000, NOW), ADDRESS: None, EVERYBODY: Tally(50, NOW)}
    assert patience.wait(guessed, now=NOW) == NONE
    assert patience.wait(guessed | {ADDRESS: Tally(1, NOW)}, now=NOW) > NONE


@given(
    level=st.floats(0, 1e9, allow_nan=False),
    passed=st.timedeltas(timedelta(0), timedelta(days=2)),
    kind=st.sampled_from([ACCOUNT, ADDRESS, EVERYBODY, BROWSER]),
)
def test_no_wait_is_longer_than_its_limit_and_it_ends(
    level: float, passed: timedelta, kind: str
) -> None:
    """Whoever waits as long as they were told is let through, whatever happened before."""
    tallies: dict[str, Tally | None] = {kind: Tally(level, NOW)}
    left = patience.wait(tallies, now=NOW + passed)
    assert NONE <= left <= PACES[kind].longest
    assert patience.wait(tallies, now=NOW + passed + left) == NONE


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_failures_never_wait_less(one: float, other: float) -> None:
    few, many = sorted((one, other))
    waits = [patience.wait({ADDRESS: Tally(n, NOW), ACCOUNT: None}, now=NOW) for n in (few, many)]
    assert waits == sorted(waits)


def test_a_clock_that_was_set_back_frees_nobody_and_holds_nobody_longer() -> None:
    later = {ADDRESS: Tally(30, NOW + timedelta(hours=5))}
    assert patience.wait(later, now=NOW) == PACES[ADDRESS].longest
