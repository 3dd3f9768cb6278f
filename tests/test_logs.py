"""What does a log say of an error, and what never of a person?"""

import json
import logging
import sys
import time

import pytest

from outreach import logs

CANARIES = ("canary@customers.example", "+1 415-555-0123", "13800138000", "Canary Finch")


def _fail() -> None:
    raise LookupError(", ".join(CANARIES)) from KeyError("13800138000")


def _written(formatter: logging.Formatter, said: str, *args: object) -> str:
    try:
        _fail()
    except LookupError:
        error = sys.exc_info()
    record = logging.LogRecord("outreach.work", logging.WARNING, "x.py", 1, said, args, error)
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Lines("%(levelname)s %(message)s")])
def test_an_error_is_told_by_kind_and_place_and_never_by_its_text(
    formatter: logging.Formatter,
) -> None:
    """What quotes a row, and whatever looks like an address or a number, stays out."""
    written = _written(
        formatter, "no answer for %s at %s", "canary@customers.example", "+1 415-555-0123"
    )
    assert "LookupError at" in written
    assert "because of KeyError" in written
    assert "test_logs.py" in written
    assert not [canary for canary in CANARIES if canary in written]


def test_a_line_of_json_is_one_document() -> None:
    told = json.loads(_written(logs.Json(), "%s:\nlet go", "lumen"))
    assert (told["level"], told["room"], told["said"]) == (
        "warning",
        "outreach.work",
        "lumen:\nlet go",
    )
    assert told.keys() == {"at", "level", "room", "said", "error"}


@pytest.mark.parametrize(
    "said",
    [
        "touch tch_2345672345672345672345672a has no text",
        "GET /api/v1/touches 200 1234567 ms",
        "let go of what ended before 2026-03-10",
        "the work of 2026-03-10T12:00:00+00:00 does not come to an end",
        "answered at 2026-03-10 12:30:55 by 127.0.0.1",
        "lumen: 1200 claims freed, 31 uncertain",
    ],
)
def test_what_is_no_address_is_left_as_it_is(said: str) -> None:
    assert logs.discreet(said) == said


@pytest.mark.parametrize("word", ["a", "a@", "a.", "@."])
def test_a_long_word_costs_no_more_than_its_length(word: str) -> None:
    """What somebody sends may be as long as they like, and a log says it."""
    began = time.process_time()
    logs.discreet(word * 100_000)
    assert time.process_time() - began < 2
