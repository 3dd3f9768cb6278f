"""What plain data does this YAML text hold, and where does each part of it stand?

Mappings, lists and scalars of YAML 1.2's core schema are understood. Anchors, aliases, tags and
second documents are refused, so that no document is larger than it looks. Dates and times stay
text until a shape asks for them: YAML itself would turn `no` or `10:00` into something else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.representer import SafeRepresenter

from outreach import sentences
from outreach.errors import Problem
from outreach.sentences import Flaw, Path, TextError

DEEPEST = 24

_DATA = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.CollectionEndEvent)
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# More digits than this are an account number, and stay text.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
# An exponent without a point needs its sign: `12e4` is an order number.
_FRACTION = re.compile(r"[-+]?[0-9]{1,18}(\.[0-9]{0,30}([eE][-+]?[0-9]{1,3})?|[eE][-+][0-9]{1,3})")

# What is a text without quotes, whoever reads it.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*|[1-9][0-9]{0,6} (s|min|h|d|w)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, from 1, in which style, and how far a block is indented."""

    line: int = 0
    column: int = 0
    style: str | None = None
    indent: int = 0


@dataclass(slots=True)
class Page:
    """What was read so far: where everything stands, and what was wrong."""

    lines: list[str]
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, event: Any) -> Place:
        mark, style = event.start_mark, getattr(event, "style", None)
        body = self.lines[mark.line + 1 : mark.line + 9] if style == "|" else []
        first = next((line for line in body if line.strip()), "")
        return Place(mark.line + 1, mark.column + 1, style, len(first) - len(first.lstrip()))

    def at(self, path: Path, *, key: bool = False) -> Place:
        """The place of this path, or of the nearest thing around it that is written down."""
        if key and path in self.keys:
            return self.keys[path]
        shorter = (path[:end] for end in range(len(path), -1, -1))
        return next((self.values[p] for p in shorter if p in self.values), Place())

    def object_to(self, path: Path, sentence: str, place: Place) -> None:
        self.problems.append(Problem(sentences.shown(path), sentence, place.line, place.column))


class _Representer(SafeRepresenter):
    """Writes texts with rare line breaks (U+0085, U+2028) escaped: plain, they would be folded."""


def _text(representer: SafeRepresenter, text: str) -> ScalarNode:
    readable = text.replace("\n", "").isprintable()
    node: ScalarNode = representer.represent_scalar(
        "tag:yaml.org,2002:str", text, style=None if readable else '"'
    )
    return node


_Representer.add_representer(str, _text)


def tree(text: str, page: Page) -> object:
    """The plain data of the one document in this text; what is wrong with it goes on the page.

    Raises `TextError` or `YAMLError` where reading must end early.
    """
    events = _plain_events(text)
    first = next(events, None)
    data = None if first is None else _node(first, events, page, ())
    next(events, None)  # reads on to the end, so that a second document is refused
    return data


def _plain_events(text: str) -> Iterator[Any]:
    """Scalars, lists and mappings as they come; whatever could make a document grow is refused."""
    depth = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if objection := _objection(event, depth, documents):
            mark = event.start_mark
            raise TextError(Flaw(objection, mark.line + 1, mark.column + 1))
        if isinstance(event, _DATA):
            yield event


def _objection(event: Any, depth: int, documents: int) -> str | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "write it out: anchors (&) and aliases (*) are not used here"
    if getattr(event, "ctag", None):
        return "remove the tag (!): only plain data is read"
    if depth > DEEPEST:
        return f"nest less deeply: at most {DEEPEST} levels are read"
    return "keep one document a file: remove what follows `---`" if documents > 1 else None


def _node(event: Any, events: Iterator[Any], page: Page, path: Path) -> object:
    page.values[path] = page.place(event)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, page, path)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, page, path)
    return _scalar(event)


def _sequence(events: Iterator[Any], page: Page, path: Path) -> list[object]:
    entries: list[object] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        entries.append(_node(event, events, page, (*path, len(entries))))
    return entries


def _mapping(events: Iterator[Any], page: Page, path: Path) -> dict[str, object]:
    entries: dict[str, object] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _key(event, entries, page, path)
        entries[key] = _node(next(events), events, page, (*path, key))
    return entries


def _key(event: Any, taken: Mapping[str, object], page: Page, path: Path) -> str:
    """Keys are always text: the locale `no` is Norwegian and not a refusal."""
    place = page.place(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise TextError(Flaw("write a plain word as the key", place.line, place.column))
    key = str(event.value)
    if key in taken:
        page.object_to((*path, key), f"`{key}` is written twice: keep one", place)
    page.keys.setdefault((*path, key), place)
    return key


def _scalar(event: Any) -> object:
    written = str(event.value)
    if event.style:
        return written
    if written in _NOTHING:
        return None
    if _WHOLE.fullmatch(written):
        return int(written)
    return float(written) if _FRACTION.fullmatch(written) else _TRUTHS.get(written, written)


def unreadable(error: YAMLError) -> Problem:
    """YAML's own complaint, at its own place."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    said = error.problem if isinstance(error, MarkedYAMLError) else str(error).splitlines()[0]
    sentence = f"this is not YAML: {said}; check indentation, quotes and colons around here"
    return Problem("", sentence, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)


def write(data: object) -> str:
    """Plain data as a YAML document; what `read` gives back from it is the same data."""
    yaml_out = YAML(typ="safe", pure=True)
    yaml_out.Representer = _Representer
    yaml_out.default_flow_style = False
    yaml_out.allow_unicode = True
    yaml_out.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # untyped default
    out = StringIO()
    yaml_out.dump(data, out)
    return out.getvalue()


def replaced(text: str, path: Path, value: object) -> str | None:
    """The text with another value at this path and all else as it stands, or None for no place.

    What is new is written in one line, as JSON, which is YAML too.
    """
    node, rest = YAML(typ="safe", pure=True).compose(text), list(path)
    while rest and (inner := _inside(node, rest[0])) is not None:
        node, rest = inner, rest[1:]
    if not rest:
        return text[: node.start_mark.index] + _in_line(value) + text[_end(node) :]
    return _added(text, node, rest[0], value) if len(rest) == 1 else None


def _inside(node: Node, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((inner for key, inner in node.value if key.value == step), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner: Node = node.value[step]
        return inner
    return None


def _added(text: str, node: Node, key: str | int, value: object) -> str | None:
    """The text with one entry more, after the last one of this mapping or list."""
    if not isinstance(node, MappingNode | SequenceNode) or not node.value:
        return None
    pairs = isinstance(node, MappingNode)
    written = f"{key}: {_in_line(value)}" if pairs else _in_line(value)
    last = node.value[-1][1] if pairs else node.value[-1]
    if node.flow_style:
        return f"{text[: _end(last)]}, {written}{text[_end(last) :]}"
    line_end = text.find("\n", _end(last))
    at = len(text) if line_end < 0 else line_end
    indent = " " * node.start_mark.column + ("" if pairs else "- ")
    return f"{text[:at]}\n{indent}{written}{text[at:]}"


def _end(node: Node) -> int:
    """Where the node's own last sign stands; a block's mark lies beyond what follows it."""
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        end: int = node.end_mark.index
        return end
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _in_line(value: object) -> str:
    """A plain word where it reads as one, else JSON."""
    if isinstance(value, str) and _WORD.fullmatch(value) and value not in _TRUTHS.keys() | _NOTHING:
        return value
    written = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in written)
