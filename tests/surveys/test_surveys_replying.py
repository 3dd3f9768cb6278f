"""Is a number that answers told from a number that counts something else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.surveys.replying import Answer, read
from outreach.surveys.scales import SCALES

NPS, CSAT = SCALES["nps"], SCALES["csat"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("9", Answer(9)),
        (" 9. ", Answer(9)),
        ("９", Answer(9)),
        ("9分", Answer(9)),
        ("９分。", Answer(9)),
        ("10", Answer(10)),
        ("0", Answer(0)),
        ("nine", Answer(9)),
        ("Nine!", Answer(9)),
        ("九分", Answer(9)),
        ("十", Answer(10)),
        ("9/10", Answer(9)),
        ("9 out of 10", Answer(9)),
        ("9 / 10", Answer(9)),
        ("I'd give you 8", Answer(8)),
        ("我给9分", Answer(9)),
        ("打10分", Answer(10)),
        ("评分：7", Answer(7)),
        ("a 9", Answer(9)),
        ("score: 6", Answer(6)),
        ("9 great service", Answer(9, "great service")),
        ("3, it broke after a week", Answer(3, "it broke after a week")),
        ("2分，盖子关不严", Answer(2, "盖子关不严")),
        ("4 - slow\nand rude", Answer(4, "slow\nand rude")),
        ("7\n\n> How likely are you to recommend us?", Answer(7)),
        ("7\n> from 0 to 10", Answer(7)),
        ("10 👍", Answer(10)),
        ("10 ❤", Answer(10, "❤")),
        ("9 amazing service", Answer(9, "amazing service")),
        ("10 timely", Answer(10, "timely")),
        ("10 personal service", Answer(10, "personal service")),
        ("ten thanks", Answer(10, "thanks")),
        ("9很满意", Answer(9, "很满意")),
    ],
)
def test_a_number_that_stands_first_answers(text: str, answer: Answer) -> None:
    assert read(text, NPS) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "11",
        "-1",
        "9.5",
        "100",
        "8 or 9",
        "8-9",
        "8到9分",
        "7或8",
        "between 7 and 8",
        "2 parcels are missing",
        "3 days late",
        "0 problems, thank you",
        "2 boots arrived broken",
        "5 stars",
        "5星",
        "9 sofas",
        "10 people asked",
        "10 times",
        "9 10",
        "9点再打给我",
        "9am please",
        "9:30",
        "2件没收到",
        "call me at 9",
        "9th of May",
        "order 9 never came",
        "not a 9",
        "10%",
        "9" * 5000,
        "5 €",
        "one of your people called me",
        "4/5",
        "1600 Main Street",
        "一个月了还没到",
        "十分感谢",
    ],
)
def test_what_counts_something_else_or_stays_open_is_for_a_person(text: str) -> None:
    assert read(text, NPS) is None


def test_the_scale_is_the_surveys_own() -> None:
    assert read("4/5", CSAT) == Answer(4)
    assert read("5 stars", CSAT) == read("5星", CSAT) == Answer(5)
    assert read("9", CSAT) is None
    assert read("0", CSAT) is None


@given(st.sampled_from(list(NPS.scores)), st.text(max_size=40))
def test_whatever_follows_a_line_with_a_number_is_never_another_number(
    score: int, rest: str
) -> None:
    answer = read(f"{score}\n{rest}", NPS)
    assert answer is not None
    assert answer.score == score


@given(st.text(max_size=80))
def test_an_answer_is_on_the_scale_whatever_is_written(text: str) -> None:
    answer = read(text, NPS)
    assert answer is None or answer.score in NPS.scores
