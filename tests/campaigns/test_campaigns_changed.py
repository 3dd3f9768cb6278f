"""A form changes one value of a document: does everything else stay as somebody wrote it?"""

import difflib
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from outreach import documents
from outreach.campaigns import document
from outreach.errors import Invalid

ANYTHING: TypeAdapter[object] = TypeAdapter(object)
LIBRARY = document.library()
TEXT = LIBRARY["usage-tutorial"]
VALUES = st.one_of(
    st.booleans(), st.integers(-1000, 1000), st.text(max_size=40), st.lists(st.text(max_size=9))
)
SCALARS = st.sampled_from([
    ("key",), ("name", "en"), ("trigger", "event"), ("steps", 0, "after"), ("steps", 1, "at"),
    ("steps", 1, "channels"), ("steps", 0, "channels", 1), ("exits", 0, "same"), ("holdout",),
    ("name", "fr"), ("steps", 0, "purpose"), ("value",), ("exits",), ("steps", 0), ("name",),
])  # fmt: skip


def lines(before: str, after: str) -> list[str]:
    """The lines that differ."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[0] in "+-"]


@pytest.mark.parametrize(
    ("path", "value", "changes"),
    [
        (("steps", 0, "after"), "3 h", ["-     after: 2 h", "+     after: 3 h"]),
        (("steps", 1, "at"), "11:30", ['-     at: "10:00"', '+     at: "11:30"']),
        (("holdout",), 0.1, ["- holdout: 0.05", "+ holdout: 0.1"]),
        (("steps", 0, "at"), "09:00", ['+     at: "09:00"']),
        (("exits", 1), {"event": "review.written"}, ['+   - {"event": "review.written"}']),
        (("steps", 0, "channels", 2), "chat",
         ["-     channels: [email, sms]", "+     channels: [email, sms, chat]"]),
    ],
)  # fmt: skip
def test_only_that_line_changes(path: tuple[str | int, ...], value: object, changes: list[str]):
    assert lines(TEXT, documents.changed(TEXT, path, value)) == changes


def test_comments_at_the_line_and_after_it_stay() -> None:
    text = "# first\na: 1  # one\nb:\n  - x  # ex\n  # between\nc: 2\n"
    assert documents.changed(text, ("b", 1), "y") == (
        "# first\na: 1  # one\nb:\n  - x  # ex\n  - y\n  # between\nc: 2\n"
    )
    assert documents.changed(text, ("a",), 5) == text.replace("1", "5", 1)


@settings(deadline=None, max_examples=60)  # each reads a file of the library as a whole
@given(st.sampled_from(sorted(LIBRARY)), SCALARS, VALUES)
def test_the_data_are_the_same_but_for_that_value(
    name: str, path: tuple[str | int, ...], value: object
) -> None:
    """Whatever is written wherever: read again, it is that value at that path, and no other."""
    before = _before(name)
    assume(_at(before, path[:-1]) is not None)
    after = documents.read(documents.changed(LIBRARY[name], path, value), ANYTHING, name=name)
    assert _at(after, path) == value
    for end in range(len(path)):  # beside the path nothing is another
        was, now = _at(before, path[:end]), _at(after, path[:end])
        assert _without(was, path[end]) == _without(now, path[end])


@cache
def _before(name: str) -> object:
    return documents.read(LIBRARY[name], ANYTHING, name=name)


def _at(data: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        data = dict(_parts(data)).get(step)
    return data


def _without(data: object, step: str | int) -> list[tuple[str | int, object]]:
    return [part for part in _parts(data) if part[0] != step]


def _parts(data: object) -> list[tuple[str | int, object]]:
    if isinstance(data, dict):
        return list(data.items())
    return list(enumerate(data)) if isinstance(data, list) else []


@pytest.mark.parametrize(
    "path", [("nothing", "here"), ("steps", 9), ("key", "inner"), ("steps", "x")]
)
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(Invalid, match="there is nothing at"):
        documents.changed(TEXT, path, 1)


def test_what_is_written_unusually_is_left_to_people() -> None:
    with pytest.raises(Invalid, match="changed by hand"):
        documents.changed("a: {}\n", ("a", "b"), 1)
