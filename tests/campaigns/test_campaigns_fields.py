"""What is no field, or does not fit one, is refused when the document is read, at its line."""

# ruff: noqa: E501  # tables read best with one row a line

import pytest

from outreach.campaigns import catalogue, choosing, conditions, document
from outreach.campaigns.audience_sql import compile as compiled
from outreach.errors import Invalid
from tests import builders as b


def complaints(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        conditions.read(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{field: person.contry, operator: exists}",
         "line 1, column 9: field: `person.contry` is no field; did you mean `person.country`?"),
        ("{field: event.total, operator: exists}",
         "line 1, column 9: field: `event.total` is no field; did you mean `event.data.total`?"),
        ("{field: person.email, operator: exists}",
         "line 1, column 9: field: `person.email` is no field; did you mean `person.has_email`?"),
        ("all:\n  - {field: person.country, operator: at_least, value: 3}",
         "line 2, column 5: all[0]: `at_least` does not fit `person.country`, which is a text: use is, is_not, in, not_in, contains, exists, missing"),
        ("{field: person.postcode, operator: is, value: 10115}",
         "line 1, column 1: `person.postcode` is a text: write its value as a text, in quotes"),
        ("{field: person.has_phone, operator: is, value: yes please}",
         "line 1, column 1: `person.has_phone` is true or false: write its value as true or false"),
        ("{field: last_answer.score, operator: is, value: high}",
         "line 1, column 1: `last_answer.score` is a number: write its value as a number, without quotes"),
        ("{count: ordrs, operator: at_least, value: 2}",
         "line 1, column 9: count: `ordrs` is not known here; did you mean `orders`?"),
        ("{sum: orders.total, operator: at_least, value: 2}",
         "line 1, column 7: sum: `orders.total` is no field; did you mean `orders.total_minor`?"),
        ("{sum: person.country, operator: at_least, value: 2}",
         "line 1, column 7: sum: write a field of the person's history (events, answers, orders, parcels, contracts, registrations, cases, touches), such as `answers.score`"),
        ("{sum: answers.survey, operator: at_least, value: 2}",
         "line 1, column 1: `sum` needs a number, and `answers.survey` is a text"),
        ("{days_since: orders.state, operator: at_least, value: 2}",
         "line 1, column 1: `days_since` needs an instant, and `orders.state` is a text"),
        ("{count: orders, sum: orders.total_minor, operator: at_least, value: 2}",
         "line 1, column 1: write one of count, sum, first, last, days_since, days_until"),
        ("{count: orders, where: {field: events.type, operator: exists}, operator: is, value: 2}",
         "line 1, column 1: `where` asks for orders alone: `events.type` is none of their fields"),
        ("{count: orders, where: {cel: 'true'}, operator: is, value: 2}",
         "line 1, column 1: write only clauses in `where`, no expression and no tally"),
        ("{field: order.totl, operator: exists}",
         "line 1, column 9: field: `order.totl` is no field; did you mean `order.total`?"),
        ("{field: person.dates, operator: exists}",
         "line 1, column 9: field: `person.dates` is no field; did you mean `person.dates.name`?"),
        ("{field: person.birthday, operator: at_least, value: 18}",
         "line 1, column 1: `at_least` does not fit `person.birthday`, which is a date: use exists, missing, before, after"),
        ("{days_until: person.country, operator: at_most, value: 7}",
         "line 1, column 1: `days_until` needs an instant, and `person.country` is a text"),
        ("{days_until: person.birthday, within: 7 d, operator: at_most, value: 7}",
         "line 1, column 1: `within` and `where` are for a history, and `person.birthday` is none: remove them"),
        ("{field: orders.state, operator: is, value: paid}",
         "line 1, column 1: `orders.state` stands only in the `where` of a tally: add `count`"),
    ],
)  # fmt: skip
def test_each_mistake_has_a_sentence(text, complaint):
    assert complaints(text) == [complaint]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{cel: 'true'}", "cel `true` cannot choose an audience: write it with fields and tallies"),
        ("{field: event.data.total, operator: exists}",
         "`event.data.total` cannot choose an audience, for which nothing happened: ask for the person, or count what happened"),
        ("{field: order.state, operator: is, value: paid}",
         "`order.state` cannot choose an audience, for which nothing happened: ask `last: orders.state`, or `count: orders`"),
        ("{field: order.total, operator: at_least, value: 50}",
         "`order.total` cannot choose an audience, for which nothing happened: ask `last: orders.total_minor`, or `count: orders`"),
        ("{field: product.category, operator: is, value: lamp}",
         "`product.category` cannot choose an audience, for which nothing happened: ask `count: registrations`"),
        ("{days_until: contract.ends_on, operator: at_most, value: 30}",
         "`contract.ends_on` cannot choose an audience, for which nothing happened: ask `last: contracts.ends_on`, or `count: contracts`"),
    ],
)  # fmt: skip
def test_what_cannot_choose_an_audience_is_refused_where_it_is_written(text, sentence):
    """In the campaign's document at its line, and once more where it would become a statement."""
    condition = conditions.read(text)
    assert choosing.objections(condition) == [sentence]
    with pytest.raises(Invalid, match="cannot choose an audience"):
        compiled(condition, now=b.NOON)
    trigger = {"audience": conditions.plain(condition), "at": "2026-12-01T10:00"}
    with pytest.raises(Invalid) as caught:
        document.read(b.written(trigger=trigger), name="a.yaml")
    assert [problem.sentence for problem in caught.value.problems] == [sentence]


def test_every_source_may_be_counted():
    assert [source.value for source in conditions.Source] == list(catalogue.SOURCES)
