"""A tally says what it found in a person's history, and what it was held against."""

# ruff: noqa: E501  # tables read best with one row a line

from datetime import date, timedelta

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


TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("{days_until: person.birthday, operator: at_most, value: 7}", "days until person.birthday: 1 is at most 7"),
        ("{days_since: person.birthday, operator: is, value: 364}", "days since person.birthday: 364 is 364"),
        ("{days_until: person.dates.moved, operator: is, value: 0}", "days until person.dates.moved: 0 is 0"),
        ("{days_since: person.dates.moved, operator: is, value: 0}", "days since person.dates.moved: 0 is 0"),
        ("{days_since: person.dates.wedding, operator: at_least, value: 365}", "days since person.dates.wedding: 2109 is at least 365"),
        ("{days_until: person.dates.name_day, operator: is, value: 21}", "days until person.dates.name_day: 21 is 21"),
        ("{days_until: contract.ends_on, operator: at_most, value: 30}", "days until contract.ends_on: 30 is at most 30"),
        ("{days_since: order.paid_at, operator: is, value: 2}", "days since order.paid_at: 2 is 2"),
        ("{field: person.birthday, operator: before, value: 2008-03-10}", "person.birthday 1990-03-11 is before 2008-03-10"),
        ("{field: contract.ends_on, operator: after, value: 2026-04-01}", "contract.ends_on 2026-04-09 is after 2026-04-01"),
        ("{not: {field: person.dates.name_day, operator: before, value: 2026-01-01}}", "person.dates.name_day 03-31 is not before 2026-01-01"),
        ("{days_until: person.dates.wedding, operator: missing}", "days until person.dates.wedding: is missing"),
    ],
)  # fmt: skip
def test_a_single_day_is_counted_by_the_calendar_and_a_birthday_comes_round(text, because):
    """A day without its year comes round too, and is before or after nothing."""
    wedding, moved, name_day = date(2020, 5, 31), TODAY, date(1904, 3, 31)
    person = {
        "birthday": date(1990, 3, 11),
        "dates": {"wedding": wedding, "moved": moved, "name_day": name_day},
    }
    contract = {"ends_on": TODAY + timedelta(days=30)}
    records = {"contract": contract, "order": {"paid_at": b.NOON - timedelta(days=2.5)}}
    answer = rules.matches(conditions.read(text), Seen({}, person, b.NOON, {}, records))
    assert (answer.yes, answer.because) == (True, because)


def test_days_and_records_are_needed_where_somebody_asks_for_them():
    asked = conditions.read("""
    all:
      - {days_until: person.birthday, operator: at_most, value: 7}
      - {field: person.dates.wedding, operator: exists}
      - {field: order.total, operator: at_least, value: 50}
      - {days_until: contract.ends_on, operator: at_most, value: 30}
      - {field: person.country, operator: exists}
    """)
    assert needs.days(asked) == {"person.birthday", "person.dates.wedding"}
    assert needs.records(asked) == {"order", "contract"}
    assert needs.of(asked) == {}


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
    for asked in ("{count: orders, operator: exists}", "{field: order.total, operator: missing}"):
        with pytest.raises(KeyError):
            rules.matches(conditions.read(asked), Seen({}, {}, b.NOON))
