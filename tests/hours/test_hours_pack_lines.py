"""Does the quick reader read what the YAML library reads, and leave it the rest?"""

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from outreach.hours import pack_lines
from outreach.hours.pack_file import PackFile
from outreach.hours.packs import NOT_CARRIED

PACKS = {
    entry.name: entry.read_text(encoding="utf-8")
    for entry in files("outreach.hours").joinpath("packs").iterdir()
    if entry.name.endswith(".yaml") and entry.name != NOT_CARRIED
}


@pytest.mark.parametrize("name", sorted(PACKS))
def test_a_pack_reads_as_the_library_reads_it(name):
    """Every pack of ours is written so that it is read quickly."""
    quickly = pack_lines.read(PACKS[name])
    assert quickly is not None
    slowly = YAML(typ="safe").load(PACKS[name])
    assert PackFile.model_validate(quickly) == PackFile.model_validate(slowly)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a: b", {"a": "b"}),
        ("# why\n\na: null\n\n# so\nb: x", {"a": None, "b": "x"}),
        ('a: [x, "null", {c: null}]', {"a": ["x", "null", {"c": None}]}),
        ("a: >-\n  one\n  two: three", {"a": "one two: three"}),
        ("a: [x,\n  y]", {"a": ["x", "y"]}),
        ("a:\n  - b: c\n    d:\n      - {e: f}", {"a": [{"b": "c", "d": [{"e": "f"}]}]}),
        ("a:\n  # first\n  - b: c\n\n  - b: d", {"a": [{"b": "c"}, {"b": "d"}]}),
        ('a: "x: y"', {"a": "x: y"}),
        ('a: {mon-fri: ["09:00-20:00"], sat: []}', {"a": {"mon-fri": ["09:00-20:00"], "sat": []}}),
    ],
)  # fmt: skip
def test_what_packs_are_written_in_is_read(text, read):
    assert pack_lines.read(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "- a", "a: b: c", "a: b # c", "a: &x b", "a: *x", "a: !!str b", "a: |\n  b", "a: 'b'",
        "a: b\na: c", "a: {b: c, b: d}", "a: [b", "a: {b}", "a: [b] c", 'a: "b\\n"', "a: b\n  c",
        "a:\n  b: c", "a:\n  - b: c\n    b: d", "a: [b,, c]", "A: b", "a: [b: c]", "a: %b",
        "a: >-\n  b\n\n  c", "a: >-\n  b\n  # c", "a:", "a:\n  # b",
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_left_to_the_library(text):
    assert pack_lines.read(text) is None
