"""Do the statistics agree with published examples, and do alike arms stay undecided?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach import ids
from outreach.errors import Invalid
from outreach.experiments import lift, sequential, size
from outreach.experiments.lift import Count
from outreach.experiments.sequential import Look

# Newcombe 1998, table II, method 10, to the four places that are printed.
PUBLISHED = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("one", "other", "low", "high"), PUBLISHED)
def test_differences_have_the_published_intervals(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """All eight examples of the paper."""
    (did, people), (did_too, people_too) = one, other
    found = lift.difference(Count(people, did), Count(people_too, did_too))
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)


def test_a_share_has_the_published_interval() -> None:
    """Newcombe 1998 (Statistics in Medicine 17, 857-872), table I: 81 of 263 and 15 of 148."""
    found = lift.share(Count(263, 81))
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=0.00006)
    found = lift.share(Count(148, 15))
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=0.00006)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.data())
def test_turning_the_arms_round_turns_the_interval_round(
    n: int, m: int, data: st.DataObject
) -> None:
    """And the estimate always lies inside."""
    one = Count(n, data.draw(st.integers(0, n)))
    other = Count(m, data.draw(st.integers(0, m)))
    there, back = lift.difference(one, other), lift.difference(other, one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low - 1e-9 <= there.value <= there.high + 1e-9


def test_the_size_is_the_published_one() -> None:
    """R's manual of `power.prop.test`: 0.50 against 0.75 with power 0.90 needs 76.7 an arm."""
    assert size.per_arm(0.50, 0.75, power=0.90) == 77


def test_half_of_all_is_the_smaller_arm_of_equal_ones() -> None:
    """And a holdout of a twentieth needs little more than half of an equal arm."""
    whole = size.per_arm(0.1, 0.12)
    assert size.smaller_arm(0.1, 0.12, part=0.5) == whole
    assert whole / 2 < size.smaller_arm(0.1, 0.12, part=0.05) < whole * 0.6


@pytest.mark.parametrize(("usual", "hoped"), [(0.0, 0.5), (0.2, 0.2), (0.2, 1.0)])
def test_what_no_number_of_people_tells_is_said(usual: float, hoped: float) -> None:
    """Shares of none, of all, and equal ones."""
    with pytest.raises(Invalid):
        size.per_arm(usual, hoped)


def _looks(seed: int, *, looks: int, people: int, shares: tuple[float, float]) -> list[Look]:
    def count(look: int, arm: int) -> Count:
        coins = (ids.share("aa", seed, look, arm, one) for one in range(people))
        return Count(people, sum(coin < shares[arm] for coin in coins))

    return [Look(count(look, 0), count(look, 1)) for look in range(looks)]


def _decided(seeds: int, **how: object) -> int:
    runs = (_looks(seed, **how) for seed in range(seeds))  # type: ignore[arg-type]  # plain data
    return sum(sequential.evidence(run).decided() for run in runs)


@pytest.mark.long
def test_alike_arms_are_told_apart_no_more_often_than_promised() -> None:
    """A thousand seeds, looked at thirty times each: at most one in twenty, by Ville's bound."""
    assert _decided(1000, looks=30, people=20, shares=(0.1, 0.1)) <= 50


@pytest.mark.long
def test_one_look_with_an_interval_finds_no_more_winners_than_promised() -> None:
    """A thousand pairs of alike arms: one in twenty, and what chance may add to that (3 sigma)."""
    runs = (_looks(seed, looks=1, people=200, shares=(0.1, 0.1)) for seed in range(1000))
    apart = [lift.difference(look.one, look.other) for [look] in runs]
    assert sum(one.low > 0 or one.high < 0 for one in apart) <= 50 + 21


def test_evidence_is_what_the_paper_has_it_be() -> None:
    """Worked by hand from section 2.2 of the paper, where one arm alone does it, twice.

    Nothing is known at the first pair, which so gains nothing. From then on the guesses are 59/68
    and 9/68, against a half that both would have together: (59/34)^2.
    """
    pair = Look(Count(1, 1), Count(1, 0))
    assert sequential.evidence([pair]).now == pytest.approx(1.0)
    assert sequential.evidence([pair, pair]).now == pytest.approx(3481 / 1156)


def test_different_arms_are_told_apart() -> None:
    """0.1 against 0.3, with 600 people in each arm by then."""
    assert _decided(10, looks=30, people=20, shares=(0.1, 0.3)) == 10


def test_looking_often_with_an_interval_would_find_winners_among_alike_arms() -> None:
    """Why there is another test at all: the interval excludes nought far too often at some look."""
    wrong = 0
    for seed in range(60):
        sums = [Count(0, 0), Count(0, 0)]
        found = False
        for look in _looks(seed, looks=30, people=20, shares=(0.1, 0.1)):
            sums = [
                Count(s.people + n.people, s.did + n.did)
                for s, n in zip(sums, (look.one, look.other), strict=True)
            ]
            apart = lift.difference(*sums)
            found = found or apart.low > 0 or apart.high < 0
        wrong += found
    assert wrong > 6


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.02, 0.98))
def test_one_look_gains_nothing_on_average_where_arms_are_alike(
    n: int, m: int, share: float
) -> None:
    """The expectation over every outcome of a second look is at most one, exactly summed."""
    first = Look(Count(3, 2), Count(4, 1))
    before = sequential.evidence([first]).now
    total = sum(
        _chance(n, a, share) * _chance(m, b, share)
        * sequential.evidence([first, Look(Count(n, a), Count(m, b))]).now / before
        for a in range(n + 1) for b in range(m + 1)
    )  # fmt: skip
    assert total <= 1 + 1e-9


def _chance(n: int, k: int, share: float) -> float:
    from math import comb  # noqa: PLC0415

    return comb(n, k) * share**k * (1 - share) ** (n - k)
