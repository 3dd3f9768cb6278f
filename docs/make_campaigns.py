# ruff: noqa: INP001  # a script beside the pages that it writes
"""Which keys may a campaign have? Writes docs/campaigns.md and the library's schema.

`python docs/make_campaigns.py`; it also sees to the line for editors in each file of the library.
The examples, and what stands before and after the keys, are written in docs/campaigns/.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from outreach.campaigns import catalogue, document, operators, starting

DOCS = Path(__file__).parent
PAGE = DOCS / "campaigns.md"
SCHEMA = DOCS.parent / "outreach" / "campaigns" / "library" / starting.SCHEMA_FILE
PARTS = DOCS / "campaigns"

_WRITTEN = YAML(typ="safe").load(PARTS / "examples.yaml")
EXAMPLES: Mapping[str, str] = _WRITTEN["keys"]
CONDITIONS: Mapping[str, str] = _WRITTEN["conditions"]


def page() -> str:
    """The whole page."""
    sections = (_section(name, shape) for name, shape in shapes().items())
    before = (PARTS / "before.txt").read_text(encoding="utf-8")
    after = (PARTS / "after.txt").read_text(encoding="utf-8")
    after = after.replace("{fields}", "\n".join(_fields()))
    for name, example in CONDITIONS.items():
        after = after.replace(f"{{example:{name}}}", example)
    return before + "".join(sections) + after


def _fields() -> Iterator[str]:
    """A row of the table for each field, by its root."""
    for root, names in (catalogue.roots() | dict(catalogue.SOURCES)).items():
        for name, sort in names.items():
            open_ended = name == catalogue.FREE or (root, name) == ("person", catalogue.DATES)
            path = f"{root}.{name}.…" if open_ended else f"{root}.{name}"
            yield f"| `{path}` | {operators.ARTICLES[sort]} |"


def shapes() -> dict[str, Mapping[str, Any]]:
    """Everything with keys that may stand in a document, by its name in the schema."""
    schema = document.schema()
    known = {"Campaign": schema} | schema["$defs"]
    order = sorted(known, key=_place)
    return {name: known[name] for name in order if known[name].get("properties")}


def _place(name: str) -> int:
    """Where its section stands: in the order of the examples, and what is new at the end."""
    named = [key.partition(".")[0] for key in EXAMPLES]
    return named.index(name) if name in named else len(named)


def _section(name: str, shape: Mapping[str, Any]) -> str:
    about = " ".join(str(shape.get("description", "")).split())
    keys = "".join(_key(name, key, one, shape) for key, one in shape["properties"].items())
    return f"\n## {name}\n\n{about}\n{keys}"


def _key(name: str, key: str, one: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    told = (_about(one), *_choices(one), *_default(key, one, shape))
    lines = [f"\n### `{key}`\n", " ".join(sentence for sentence in told if sentence), ""]
    if example := EXAMPLES.get(f"{name}.{key}"):
        lines += ["```yaml", example, "```", ""]
    return "\n".join(lines)


def _about(one: Mapping[str, Any]) -> str:
    """What it is for: its own words, or those of what stands there."""
    return " ".join(str(one.get("description") or _named(one).get("description", "")).split())


def _choices(one: Mapping[str, Any]) -> Iterator[str]:
    if words := one.get("enum") or _named(one).get("enum"):
        yield f"One of {', '.join(f'`{word}`' for word in words)}."


def _named(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the schema that this one refers to."""
    parts = (one, *one.get("anyOf", ()))
    name = next((part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part), "")
    known: Mapping[str, Any] = document.schema()["$defs"].get(name, {})
    return known


def _default(key: str, one: Mapping[str, Any], shape: Mapping[str, Any]) -> Iterator[str]:
    if key in shape.get("required", ()):
        yield "It must be there."
    elif one.get("default") not in (None, [], {}, False):
        yield f"By default `{one['default']}`."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(starting.schema_file(), encoding="utf-8")
    for file in SCHEMA.parent.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if not text.startswith(starting.EDITOR_LINE):
            file.write_text(starting.with_editor_line(text), encoding="utf-8")
