"""A document is plain data, and everything wrong with it is said at its place."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import TypeAdapter

from outreach import documents, plain_yaml, sentences
from outreach.errors import Invalid, Problem

ANYTHING: TypeAdapter[Any] = TypeAdapter(Mapping[str, Any])


def refused(text: str, shape: TypeAdapter[Any] = ANYTHING) -> tuple[Problem, ...]:
    with pytest.raises(Invalid) as caught:
        documents.read(text, shape, name="a.yaml")
    assert caught.value.details["document"] == "a.yaml"
    return caught.value.problems


def test_scalars_are_what_they_look_like_and_no_more():
    text = """
    no: no
    at: 10:00
    day: 2026-02-30
    count: 5
    share: 0.25
    account: 12345678901234567890
    quoted: "5"
    yes: true
    nothing:
    """
    assert documents.read(text, ANYTHING, name="x") == {
        "no": "no", "at": "10:00", "day": "2026-02-30", "count": 5, "share": 0.25,
        "account": "12345678901234567890", "quoted": "5", "yes": True, "nothing": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("a: &x 1\nb: *x", 1, 4, "write it out: anchors"),
        ("a: 1\nb: !!python/object:os.system {}", 2, 4, "remove the tag"),
        ("a: 1\n---\nb: 2", 2, 1, "one document a file"),
        ("a: 1\nb: 2\na: 3", 3, 1, "`a` is written twice"),
        ("a: 1\n? [b]\n: 2", 2, 3, "plain word as the key"),
        ("a: 1\n b: 2", 2, 3, "this is not YAML"),
        ("a: \x00", 0, 0, "this is not YAML"),
        ("a: \ud800", 0, 0, "this is not YAML"),
        ("[" * 30 + "]" * 30, 1, 25, "nest less deeply"),
        ("", 0, 0, "write keys with values"),
        ("x" * 300_000, 0, 0, "longer than 256 KiB"),
    ],
)
def test_each_way_of_being_unreadable_has_a_place_and_a_sentence(text, line, column, sentence):
    (problem, *_) = refused(text)
    assert (problem.line, problem.column) == (line, column)
    assert sentence in problem.sentence


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)),
        "[" * 100_000,
        "- " * 100_000,
        "&" * 200_000,
        ":" * 200_000,
        "a: '" + "x" * 250_000,
        "? " * 50_000,
        "a: |\n" + " x\n" * 20_000 + "a: 1",
    ],
)
def test_a_hostile_document_ends_soon(text):
    began = time.process_time()
    assert refused(text)
    assert time.process_time() - began < 2


@dataclass(frozen=True, slots=True)
class Entry:
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012
    amount: int
    words: str = ""


ENTRIES: TypeAdapter[Any] = TypeAdapter(Mapping[str, tuple[Entry, ...]])


def test_problems_come_with_path_line_and_column_in_reading_order():
    text = "one:\n  - amount: many\n  - amuont: 2\ntwo: 5\n"
    assert [str(problem) for problem in refused(text, ENTRIES)] == [
        "line 2, column 13: one[0].amount: write a whole number here",
        "line 3, column 5: one[1].amount: `amount` is missing: add it",
        "line 3, column 5: one[1].amuont: `amuont` is not known here; did you mean `amount`?",
        "line 4, column 6: two: write a list here",
    ]


def test_a_hundred_problems_are_enough():
    text = "one:\n" + "  - amount: x\n" * 500
    assert len(refused(text, ENTRIES)) == documents.MOST_PROBLEMS


def test_plain_data_is_judged_alike_but_without_lines():
    with pytest.raises(Invalid) as caught:
        documents.decode({"one": [{"amount": "x"}]}, ENTRIES, name="form")
    assert [str(p) for p in caught.value.problems] == ["one[0].amount: write a whole number here"]


def test_what_is_written_is_read_back():
    data = {
        "a": ["x", 1, 2.5, True, None],
        "b": {"c": "10:00"},
        "d": "no",
        "e": "5",
        "f": "多行\n文字",
    }
    assert documents.read(plain_yaml.write(data), ANYTHING, name="x") == data


def test_a_long_word_is_quoted_in_part():
    (problem, *_) = refused(f"one:\n  - {'x' * 1000}: 1\n", ENTRIES)
    assert len(problem.sentence) < 200
    assert sentences.clipped("y" * 100).endswith("…")
