"""Conditions are read with every mistake at its place."""

# ruff: noqa: E501  # tables read best with one row a line

import pytest

from outreach.campaigns import conditions
from outreach.campaigns.conditions import All, Cel, Clause, Not
from outreach.campaigns.operators import Operator
from outreach.errors import Invalid


def complaints(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        conditions.read(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_condition_is_read():
    text = """
    all:
      - {field: event.data.total, operator: at_least, value: 50}
      - not: {field: person.tags, operator: contains, value: staff}
      - cel: person.country == "CN"
    """
    assert conditions.read(text) == All((
        Clause("event.data.total", Operator.AT_LEAST, 50),
        Not(Clause("person.tags", Operator.CONTAINS, "staff")),
        Cel('person.country == "CN"'),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{field: evnt.data, operator: exists}",
         "line 1, column 9: field: `evnt` is not known here; did you mean `event`?"),
        ("{field: event, operator: exists}",
         "line 1, column 9: field: write a path such as `event.data.total` or `person.country`"),
        ("{field: event.__class__.x y, operator: exists}",
         "line 1, column 9: field: write a path such as `event.data.total` or `person.country`"),
        ("{field: event.data.x, operator: at_leest, value: 5}",
         "line 1, column 33: operator: `at_leest` is not known here; did you mean `at_least`?"),
        ("{field: event.data.x, operator: at_least, value: five}", "line 1, column 1: `at_least` needs a number"),
        ("{field: event.data.x, operator: is}", "line 1, column 1: `is` needs a `value`: add it"),
        ("{field: event.data.x, operator: exists, value: 1}", "line 1, column 1: `exists` takes no value: remove it"),
        ("{field: event.data.x, operator: in, value: 1}", "line 1, column 1: `in` needs a list of values"),
        ("{field: event.data.x, operator: is, value: [1]}", "line 1, column 1: `is` takes one value, not a list"),
        ("{field: event.data.x, operator: before, value: 2026-02-30}",
         "line 1, column 1: `before` needs a date or an instant that exists, such as 2026-03-01"),
        ("{field: event.data.x, operator: is, value: {a: 1}}",
         "line 1, column 44: value: write a text, a number, true or false"),
        ("{field: event.data.x, operator: in, value: []}", "line 1, column 44: value: write between 1 and 1,000 values"),
        ("any: []", "line 1, column 6: any: write at least one entry here"),
        ("{all: [{field: event.data.x, operator: exists}], field: event.x}",
         "line 1, column 50: field: `field` is not known here; did you mean `field`?"),
        ("not: 5", "line 1, column 6: not: write keys with values here"),
        ("operator: exists", "line 1, column 1: field: `field` is missing: add it"),
    ],
)  # fmt: skip
def test_each_mistake_has_a_sentence(text, complaint):
    assert complaints(text) == [complaint]


def test_an_expression_is_compiled_when_it_is_read():
    (complaint,) = complaints("all:\n  - cel: event.data.total >\n")
    assert complaint.startswith(
        "line 2, column 28: all[0].cel: the expression cannot be read: Syntax"
    )


def test_an_expression_of_several_lines_is_faulted_at_its_line():
    (complaint,) = complaints("cel: |\n  event.data.total > 5 &&\n    persn.vip\n")
    assert complaint.startswith("line 3, column 10: cel: ")
    assert "persn" in complaint


def test_a_condition_has_at_most_a_hundred_clauses():
    entries = "\n".join("  - {field: event.data.x, operator: exists}" for _ in range(101))
    assert complaints(f"all:\n{entries}") == [
        "line 1, column 1: write at most 100 clauses in one condition"
    ]
