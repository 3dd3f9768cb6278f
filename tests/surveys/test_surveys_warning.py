"""Is it noticed before the complaint, and is nobody warned of for one word?"""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.surveys.warning import HEARD, KIND, Fact, angry, warned
from tests import builders as b

DAY = timedelta(days=1)


def ago(days: float, type_: str, /, **data: object) -> Fact:
    return Fact(type_, b.NOON - days * DAY, data)


def signs(*told: Fact) -> list[str]:
    found = warned(told, now=b.NOON)
    return [] if found is None else [signal.sign for signal in found.signals]


LOW = ago(1, "survey.answered", form="nps", score=2, band="low")


def _step(days: float, status: str) -> Fact:
    return ago(days, "refund.progressed", refund="R-1", order="O-1", status=status)


FIRST, SECOND = (ago(days, "case.opened", case=name) for days, name in ((20, "C-1"), (1, "C-2")))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([FIRST], []),
        ([FIRST, SECOND], ["second_case"]),
        ([FIRST, ago(1, "case.opened", case="C-1", opened_at="again")], []),
        ([ago(40, "case.opened", case="C-0"), SECOND], []),
        ([LOW], []),
        (
            [LOW, ago(0.5, "survey.commented", comment="You are LIARS.")],
            ["low_score", "angry_words"],
        ),
        ([ago(1, "survey.commented", comment="再也不买了，12315见")], []),
        ([ago(3, "survey.answered", band="low"), ago(1, "survey.answered", band="high")], []),
        ([ago(8, "refund.progressed", refund="R-1", order="O-1")], ["slow_refund"]),
        ([ago(6, "refund.progressed", refund="R-1", order="O-1")], []),
        (
            [
                ago(8, "refund.progressed", refund="R-1", order="O-1"),
                ago(2, "order.refunded", order="O-1"),
            ],
            [],
        ),
        ([_step(9, "MERCHANT_PROCESSING"), _step(8, "MERCHANT_REFUND_SUCCESS")], []),
        ([_step(9, "closed"), _step(8, "processing")], ["slow_refund"]),
        ([_step(40, "requested"), _step(3, "processing")], ["slow_refund"]),
        ([_step(40, "requested")], ["slow_refund"]),
        ([_step(8, "requested"), ago(20, "order.refunded", order="O-1")], ["slow_refund"]),
        (
            [_step(8, "requested"), ago(2, "order.refunded", order="O-1", refund="R-2")],
            ["slow_refund"],
        ),
        ([_step(8, "requested"), ago(2, "order.refunded", order="O-9", refund="R-1")], []),
    ],
)
def test_two_points_are_a_warning(told: list[Fact], expected: list[str]) -> None:
    assert signs(*told) == expected


def test_an_open_warning_is_not_given_again_and_a_closed_one_is_done_with() -> None:
    warning = ago(0.9, "case.opened", case="W-1", kind=KIND)
    over = ago(0.5, "case.closed", case="W-1")
    assert signs(FIRST, SECOND, warning) == []
    assert signs(FIRST, SECOND, warning, over) == []
    again = (ago(0.2, "case.opened", case="C-3"), ago(0.1, "case.opened", case="C-4"))
    assert signs(FIRST, SECOND, warning, over, *again) == ["second_case"]


def test_a_warning_that_was_told_twice_is_over_once_closed_and_open_again_once_reopened() -> None:
    twice = [ago(days, "case.opened", case="W-1", kind=KIND) for days in (0.9, 0.8)]
    closed = [ago(days, "case.closed", case="W-1") for days in (0.6, 0.5)]
    again = [ago(0.2, "case.opened", case="C-3"), ago(0.1, "case.opened", case="C-4")]
    assert signs(*twice, closed[1], *again) == ["second_case"]
    reopened = ago(0.3, "case.reopened", case="W-1")
    assert signs(twice[0], *closed, reopened, *again) == []


def test_a_slow_refund_that_was_looked_after_is_no_new_sign() -> None:
    warning = ago(2, "case.opened", case="W-1", kind=KIND)
    over = ago(1, "case.closed", case="W-1")
    news = _step(0.1, "processing")
    assert signs(_step(12, "requested"), warning, over, news) == []
    assert signs(_step(7.5, "requested"), warning, over, news) == ["slow_refund"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("This is a SCAM, I will sue!", ["scam", "sue"]),
        ("The issue was with tissue paper", []),
        ("我要投诉，你们就是骗子", ["投诉", "骗子"]),
        ("Great service", []),
        ("<script>scam</script>", ["scam"]),
    ],
)
def test_words_of_anger_are_whole_words(said: str, words: list[str]) -> None:
    assert angry(said) == words


facts = st.builds(
    Fact,
    st.sampled_from(HEARD),
    st.integers(0, 60).map(lambda days: b.NOON - days * DAY),
    st.fixed_dictionaries(
        {"case": st.sampled_from(["C-1", "C-2", "W-1"])},
        optional={
            "kind": st.sampled_from([KIND, "return"]),
            "band": st.sampled_from(["low", "high"]),
            "comment": st.sampled_from(["scam", "fine"]),
        },
    ),
)


SLOW = Fact("refund.progressed", b.NOON - 7 * DAY, {"case": "C-1"})
AT_ONCE = [
    Fact("survey.answered", b.NOON - DAY, {"case": "C-1"} | said) for said in ({}, {"band": "low"})
]


@example([SLOW, *AT_ONCE], None)
@given(st.lists(facts, max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_read_is_of_no_account(
    told: list[Fact], mixed: object
) -> None:
    shuffled = sorted(told, key=lambda fact: (fact.type, str(fact.data)))
    first, second = warned(told, now=b.NOON), warned(shuffled, now=b.NOON)
    assert (first is None) == (second is None)
    if first and second:
        assert {s.sign for s in first.signals} == {s.sign for s in second.signals}
