"""A tally says what it found in a person's history, and what it was held against."""

# ruff: noqa: E501  # tables read best with one row a line

from datetime import timedelta

import pytest

from outreach.campaigns import conditions, needs, rules, said
from outreach.campaigns.needs import EVER
from outreach.campaigns.seen import Seen
from tests import builders as b


def ago(days: float) -> dict[str, object]:
    return {"at": b.NOON - timedelta(days=days)}


PAST = {
    "orders": [
        ago(100) | {"total_minor": 900, "state": "paid"},
        ago(30) | {"total_minor": 4200, "state": "refunded"},
        ago(-1) | {"total_minor": 1, "state": "paid"},
    ],
    "answers": [ago(9) | {"score": 3, "survey": "S-1"}, ago(2.5) | {"score": 9, "survey": "S-2"}],
    "contracts": [ago(300) | {"ends_on": b.NOON + timedelta(days=29, hours=23)}],
    "touches": [],
}


@pytest.mark.parametrize(
    ("text", "yes", "because"),
    [
        ("{count: orders, within: 90 d, operator: at_least, value: 2}", False, "orders in 90 d: 1 is not at least 2"),
        ("{count: orders, operator: at_least, value: 2}", True, "orders: 2 is at least 2"),
        ("{count: orders, where: {field: orders.state, operator: is, value: paid}, operator: is, value: 1}", True,
         "orders where (orders.state is paid): 1 is 1"),
        ("{sum: orders.total_minor, operator: more_than, value: 5000}", True, "sum of orders.total_minor: 5100 is more than 5000"),
        ("{sum: orders.total_minor, within: 1 d, operator: is, value: 0}", True, "sum of orders.total_minor in 1 d: 0 is 0"),
        ("{last: orders.state, operator: is, value: paid}", False, "last orders.state: refunded is not paid"),
        ("{first: orders.state, operator: is, value: paid}", True, "first orders.state: paid is paid"),
        ("{days_since: answers.at, operator: at_most, value: 2}", True, "days since answers.at: 2 is at most 2"),
        ("{days_until: contracts.ends_on, operator: at_most, value: 29}", True, "days until contracts.ends_on: 29 is at most 29"),
        ("{days_since: touches.at, operator: at_least, value: 7}", False, "days since touches.at: is missing"),
        ("{field: last_answer.score, operator: at_least, value: 9}", True, "last_answer.score 9 is at least 9"),
        ("{field: last_answer.days_ago, operator: is, value: 2}", True, "last_answer.days_ago 2 is 2"),
        ("{field: last_touch.channel, operator: missing}", True, "last_touch.channel is missing"),
    ],
)  # fmt: skip
def test_each_tally_answers_with_what_it_found(text, yes, because):
    answer = rules.matches(conditions.read(text), Seen({}, {}, b.NOON, PAST))
    assert (answer.yes, answer.because) == (yes, because)


def test_a_tally_prints_as_one_line():
    text = "{count: orders, within: 90 d, where: {field: orders.state, operator: is, value: paid}, operator: at_least, value: 2}"
    assert (
        said.printed(conditions.read(text))
        == "orders in 90 d where (orders.state is paid) is at least 2"
    )


def test_only_what_is_asked_for_is_needed_and_as_far_back_as_somebody_asks():
    asked = conditions.read("""
    any:
      - {count: orders, within: 7 d, operator: exists}
      - not: {count: orders, within: 90 d, operator: exists}
      - {field: last_touch.days_ago, operator: at_least, value: 7}
      - {field: person.country, operator: exists}
    """)
    assert needs.of(asked) == {"orders": timedelta(days=90), "touches": EVER}


def test_history_that_was_not_gathered_is_no_empty_history():
    """Whoever forgets to gather hears of it: nobody is taken to have bought nothing."""
    with pytest.raises(KeyError):
        rules.matches(conditions.read("{count: orders, operator: exists}"), Seen({}, {}, b.NOON))
