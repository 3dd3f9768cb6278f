"""Do scores and their intervals agree with what was published, and hold what they promise?"""

from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.surveys import scoring
from outreach.surveys.scoring import Counts, Score

counts = st.builds(Counts, *[st.integers(min_value=0, max_value=5000)] * 3)


@pytest.mark.parametrize(
    ("some", "of", "lowest", "highest"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_the_intervals_of_newcombe(
    some: int, of: int, lowest: float, highest: float
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert scoring.share_interval(some, of) == pytest.approx((lowest, highest), abs=0.00005)


def test_the_spread_of_recommendation_is_as_published() -> None:
    """Half promoters and a sixth detractors: 5/9 (Cross Validated, question 18603)."""
    assert scoring.net_variance(1 / 2, 1 / 6) == pytest.approx(5 / 9)
    assert sqrt(scoring.net_variance(1 / 2, 1 / 6) / 324) == pytest.approx(0.0414, abs=0.00005)


def test_recommendation_has_the_adjusted_wald_interval() -> None:
    """Worked by hand from the formula of Rocks: 15 high, 13 between and 8 low are 36.

    39 after the adjustment; shares 15.75/39 and 8.75/39; difference 0.17949, variance 0.59599.
    """
    score = scoring.score("nps", Counts(low=8, middle=13, high=15))
    assert score == Score(19.4, -6.3, 42.2)


def _coverage(size: int, high: float, low: float) -> float:
    """How often, of all samples of this size, the interval holds the true difference; exactly."""
    held = 0.0
    for promoters in range(size + 1):
        for detractors in range(size - promoters + 1):
            lowest, highest = scoring.net_interval(
                Counts(detractors, size - promoters - detractors, promoters)
            )
            if lowest <= high - low <= highest:
                rest = size - promoters
                ways = comb(size, promoters) * comb(rest, detractors)
                between = 1 - high - low
                held += ways * high**promoters * low**detractors * between ** (rest - detractors)
    return held


@pytest.mark.parametrize(("high", "low"), [(0.5, 0.2), (0.3, 0.3), (0.7, 0.1), (0.2, 0.6)])
def test_of_a_hundred_intervals_of_few_answers_some_95_hold_the_truth(
    high: float, low: float
) -> None:
    """Counted over every possible sample of 20, as Rocks' study has it, not drawn."""
    assert 0.93 <= _coverage(20, high, low) <= 0.98


@given(counts, st.sampled_from(["nps", "csat", "ces"]))
def test_the_interval_holds_what_was_measured_or_leans_to_the_middle(
    answered: Counts, kind: str
) -> None:
    score = scoring.score(kind, answered)
    if score is None:
        assert answered.all == 0
        return
    floor = -100 if kind == "nps" else 0
    assert floor <= score.lowest <= score.highest <= 100
    assert abs(score.value) == 100 or score.lowest - 0.1 <= score.value <= score.highest + 0.1


@given(counts)
def test_more_of_the_same_answers_make_it_surer(answered: Counts) -> None:
    few, many = scoring.score("nps", answered), scoring.score("nps", answered + answered)
    if few and many:
        assert many.highest - many.lowest <= few.highest - few.lowest + 0.1


def test_nobody_answered_is_no_score() -> None:
    assert scoring.score("nps", Counts()) is None
    assert scoring.counted(["low", "high", "high"]) == Counts(1, 0, 2)
