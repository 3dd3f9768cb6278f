"""Expressions are bounded, see plain data only, and an error is never a yes."""

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from outreach.campaigns import cel
from outreach.sentences import TextError


def holds(source, **data):
    return cel.holds(source, event={"data": data}, person={"country": "CN"})


def test_an_expression_sees_event_and_person():
    assert holds('event.data.total > 40 && person.country == "CN"', total=42)
    assert not holds("event.data.total > 40", total=4)


def test_amounts_and_instants_reach_it_as_its_own_kinds():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert holds("event.data.total > 41.5", total=Decimal(42))
    assert holds('timestamp(event.data.at) < timestamp("2026-03-02T00:00:00Z")', at=at)


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("event.data.total > 5", {}),
        ("event.data.total > 5", {"total": "x"}),
        ("event.data.total", {"total": 5}),
        ("event.data.total > 5", {"total": 2**70}),
        ("event.data.total == 5", {"total": object()}),
        ("event.data.total == 'a'", {"total": "\ud800"}),
    ],
)
def test_what_cannot_be_evaluated_has_no_answer(source, data):
    with pytest.raises(cel.NoAnswerError, match=r"\w"):
        holds(cel.check(source), **data)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("event.data.total >", "cannot be read: Syntax error"),
        ("order.total > 5", "undeclared reference"),
        ("1 + 1", "gives int: make it a yes or no"),
        ("true" + " || true" * 500, "longer than 1000 signs"),
        ("(" * 300 + "true" + ")" * 300, "cannot be read"),
        ("event.x == '\x00'", "control characters"),
        ("event.x == '\ud800'", "control characters"),
        ("exec('x')", "undeclared reference"),
    ],
)
def test_what_does_not_compile_is_refused(source, sentence):
    with pytest.raises(TextError, match=sentence):
        cel.check(source)


def test_an_expression_that_would_run_for_hours_is_stopped():
    ten = "[1,2,3,4,5,6,7,8,9,10]"
    source = "true"
    for name in "abcdefg":
        source = f"{ten}.all({name}, {source})"
    began = time.process_time()
    with pytest.raises(cel.NoAnswerError, match="budget"):
        holds(cel.check(source))
    assert time.process_time() - began < 2
