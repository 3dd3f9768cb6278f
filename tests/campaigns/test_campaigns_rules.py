"""A condition answers yes or no, and says which clause decided."""

# ruff: noqa: E501  # tables read best with one row a line

import pytest

from outreach.campaigns import conditions, rules, said
from outreach.campaigns.operators import Operator
from outreach.campaigns.seen import Seen
from tests import builders as b

EVENT = {"type": "parcel.delivered", "data": {
    "total": "42.00", "tier": "vip", "quality": None, "lines": ["kettle", "cable"], "gift": True,
    "signed_at": "2026-03-01T09:00:00+08:00",
}}  # fmt: skip
PERSON = {"country": "CN", "tags": ("loyal",), "name": "A. Reader"}


def ask(text: str) -> rules.Answer:
    return rules.matches(conditions.read(text), Seen(EVENT, PERSON, b.NOON))


@pytest.mark.parametrize(
    ("text", "yes", "because"),
    [
        ("{field: event.data.tier, operator: is, value: vip}", True, "event.data.tier vip is vip"),
        ("{field: event.data.tier, operator: is, value: gold}", False, "event.data.tier vip is not gold"),
        ("{field: event.data.tier, operator: is_not, value: vip}", False, "event.data.tier vip is vip"),
        ("{field: event.data.total, operator: at_least, value: 50}", False,
         "event.data.total 42.00 is not at least 50"),
        ("{field: event.data.total, operator: at_most, value: 42}", True, "event.data.total 42.00 is at most 42"),
        ("{field: event.data.total, operator: more_than, value: 42}", False,
         "event.data.total 42.00 is not more than 42"),
        ("{field: event.data.total, operator: less_than, value: 42.5}", True,
         "event.data.total 42.00 is less than 42.5"),
        ("{field: event.data.tier, operator: at_least, value: 1}", False, "event.data.tier vip is not at least 1"),
        ("{field: person.country, operator: in, value: [CN, FR]}", True, "person.country CN is in [CN, FR]"),
        ("{field: person.country, operator: not_in, value: [CN, FR]}", False, "person.country CN is in [CN, FR]"),
        ("{field: person.tags, operator: contains, value: loyal}", True, "person.tags [loyal] contains loyal"),
        ("{field: event.data.lines, operator: contains, value: mug}", False,
         "event.data.lines [kettle, cable] does not contain mug"),
        ("{field: person.name, operator: contains, value: Reader}", True, "person.name … contains Reader"),
        ("{field: event.data.gift, operator: is, value: true}", True, "event.data.gift true is true"),
        ("{field: event.data.gift, operator: is, value: 1}", False, "event.data.gift true is not 1"),
        ("{field: event.data.tier, operator: exists}", True, "event.data.tier exists"),
        ("{field: event.data.quality, operator: missing}", True, "event.data.quality is missing"),
        ("{field: event.data.signed_at, operator: before, value: 2026-03-01}", False,
         "event.data.signed_at 2026-03-01T09:00:00+08:00 is not before 2026-03-01"),
        ("{field: event.data.signed_at, operator: after, value: 2026-03-01}", True,
         "event.data.signed_at 2026-03-01T09:00:00+08:00 is after 2026-03-01"),
        ("cel: event.data.tier == 'vip'", True, "cel \"event.data.tier == 'vip'\" is true"),
    ],
)  # fmt: skip
def test_each_operator_answers_and_says_why(text, yes, because):
    answer = ask(text)
    assert (answer.yes, answer.because, answer.known) == (yes, because, True)


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("event.data.told", "robin@example.com"),
        ("event.data.told", "+351 210 001 234"),
        ("event.data.told", {"email": "robin"}),
        ("event.data.buyer.name", "Robin"),
        ("event.data.buyer.reached.at", "robin@example.com"),
    ],
)
def test_what_lies_sealed_by_its_shape_is_not_said_either(field: str, found: object) -> None:
    """Why somebody was left alone is kept as it is said."""
    *above, last = field.removeprefix("event.").split(".")
    event: dict[str, object] = {last: found}
    for name in reversed(above):
        event = {name: event}
    condition = conditions.Clause(field, Operator.IS, "another")
    answer = rules.matches(condition, Seen(event, {}, b.NOON))
    assert (answer.yes, answer.because) == (False, f"{field} … is not another")


@pytest.mark.parametrize(
    "operator", ["is", "is_not", "at_least", "less_than", "contains", "before"]
)
def test_a_missing_field_is_no_whatever_is_asked(operator):
    value = "2026-03-01" if operator == "before" else 5
    answer = ask(f"{{field: event.data.nowhere.deep, operator: {operator}, value: {value}}}")
    assert (answer.yes, answer.because) == (False, "event.data.nowhere.deep is missing")


def test_no_attribute_of_a_value_is_a_field():
    assert not ask("{field: event.data.keys, operator: exists}").yes


def test_no_condition_is_always():
    assert rules.matches(None, Seen({}, {}, b.NOON)).yes


def test_all_names_the_first_clause_that_said_no():
    answer = ask("""
    all:
      - {field: event.data.tier, operator: is, value: vip}
      - {field: event.data.total, operator: at_least, value: 50}
      - {field: person.country, operator: is, value: FR}
    """)
    assert (answer.yes, answer.because) == (False, "event.data.total 42.00 is not at least 50")


def test_any_names_the_clause_that_said_yes_or_all_that_said_no():
    either = "any:\n  - {{field: person.country, operator: is, value: FR}}\n  - {{field: event.data.tier, operator: is, value: {}}}"
    assert ask(either.format("vip")).because == "event.data.tier vip is vip"
    assert (
        ask(either.format("x")).because
        == "person.country CN is not FR; event.data.tier vip is not x"
    )


def test_not_turns_an_answer_round_but_never_an_error():
    assert ask("not: {field: person.tags, operator: contains, value: staff}").yes
    assert not ask("not: {field: person.tags, operator: contains, value: loyal}").yes
    unanswered = ask("not: {cel: event.data.nowhere > 5}")
    assert (unanswered.yes, unanswered.known) == (False, False)
    assert "nowhere" in unanswered.because


def test_an_error_beside_a_yes_does_not_spoil_it():
    assert ask(
        "any:\n  - cel: event.data.nowhere > 5\n  - {field: event.data.tier, operator: exists}"
    ).yes


def test_a_condition_prints_as_one_line():
    text = """
    all:
      - {field: event.data.total, operator: at_least, value: 50}
      - any:
          - {field: person.country, operator: in, value: [CN, FR]}
          - not: {field: event.data.gift, operator: exists}
      - cel: event.data.x > 1
    """
    assert said.printed(conditions.read(text)) == (
        "event.data.total is at least 50 and (person.country is in [CN, FR] or "
        "not (event.data.gift exists)) and cel 'event.data.x > 1'"
    )
    assert said.printed(None) == "always"
