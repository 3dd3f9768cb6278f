"""What does a YAML document say, and if it cannot be used, what is wrong at which line?

Only plain data is understood: mappings, lists and scalars of YAML 1.2's core schema. Anchors,
aliases, tags and second documents are refused, so that no document is larger than it looks. Dates
and times stay text until the shape asks for them: YAML itself would turn `no` or `10:00` into
something that nobody wrote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml import events as yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from outreach import sentences
from outreach.errors import Invalid, Problem
from outreach.sentences import Flaw, Path, TextError

T = TypeVar("T")

MOST_BYTES = 256 * 1024
DEEPEST = 24
MOST_PROBLEMS = 100  # nobody reads the hundred and first, and each costs time to word

_DATA = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.CollectionEndEvent)
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# More digits than this are an account number, and stay text.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
# An exponent without a point needs its sign: `12e4` is an order number.
_FRACTION = re.compile(r"[-+]?[0-9]{1,18}(\.[0-9]{0,30}([eE][-+]?[0-9]{1,3})?|[eE][-+][0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class _Place:
    line: int = 0
    column: int = 0
    style: str | None = None
    indent: int = 0


@dataclass(slots=True)
class _Page:
    """What was read so far: where everything stands, and what was wrong."""

    lines: list[str]
    keys: dict[Path, _Place] = field(default_factory=dict)
    values: dict[Path, _Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, event: Any) -> _Place:
        mark, style = event.start_mark, getattr(event, "style", None)
        body = self.lines[mark.line + 1 : mark.line + 9] if style == "|" else []
        first = next((line for line in body if line.strip()), "")
        return _Place(mark.line + 1, mark.column + 1, style, len(first) - len(first.lstrip()))

    def at(self, path: Path, *, key: bool = False) -> _Place:
        """The place of this path, or of the nearest thing around it that is written down."""
        if key and path in self.keys:
            return self.keys[path]
        shorter = (path[:end] for end in range(len(path), -1, -1))
        return next((self.values[p] for p in shorter if p in self.values), _Place())

    def object_to(self, path: Path, sentence: str, place: _Place) -> None:
        self.problems.append(Problem(sentences.shown(path), sentence, place.line, place.column))


def read(text: str, shape: TypeAdapter[T], *, name: str) -> T:
    """The document as a value of this shape.

    Raises `Invalid` with every problem found, up to 100, in the order in which they stand, each
    with line, column and path; `details["document"]` is the name. A text above 256 KiB is refused
    unread.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise _invalid(name, [Problem("", f"split it: it is longer than {MOST_BYTES // 1024} KiB")])
    page = _Page(text.splitlines())
    try:
        data = _tree(text, page)
    except TextError as stop:
        page.problems += [Problem("", f.sentence, f.line, f.column) for f in stop.flaws]
        raise _invalid(name, page.problems) from stop
    except YAMLError as stop:
        raise _invalid(name, [*page.problems, _unreadable(stop)]) from stop
    return _value(data, shape, page, name)


def decode(data: object, shape: TypeAdapter[T], *, name: str) -> T:
    """Plain data (a decoded JSON body) as a value of this shape; `Invalid` then has no lines."""
    return _value(data, shape, _Page([]), name)


def write(data: object) -> str:
    """Plain data as a YAML document; what `read` gives back from it is the same data."""
    yaml_out = YAML(typ="safe", pure=True)
    yaml_out.default_flow_style = False
    yaml_out.allow_unicode = True
    yaml_out.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # untyped default
    out = StringIO()
    yaml_out.dump(data, out)
    return out.getvalue()


def _value(data: object, shape: TypeAdapter[T], page: _Page, name: str) -> T:
    value = _decoded(data, shape, page)
    if page.problems or value is None:
        raise _invalid(name, page.problems)
    return value


def _invalid(name: str, problems: list[Problem]) -> Invalid:
    ordered = sorted(problems, key=lambda p: (p.line, p.column))
    number = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    return Invalid(f"{name} cannot be used: {number}", problems=ordered, document=name)


def _tree(text: str, page: _Page) -> object:
    """The plain data of the one document in this text; raises where reading must end early."""
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


def _node(event: Any, events: Iterator[Any], page: _Page, path: Path) -> object:
    page.values[path] = page.place(event)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, page, path)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, page, path)
    return _scalar(event)


def _sequence(events: Iterator[Any], page: _Page, path: Path) -> list[object]:
    entries: list[object] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        entries.append(_node(event, events, page, (*path, len(entries))))
    return entries


def _mapping(events: Iterator[Any], page: _Page, path: Path) -> dict[str, object]:
    entries: dict[str, object] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _key(event, entries, page, path)
        entries[key] = _node(next(events), events, page, (*path, key))
    return entries


def _key(event: Any, taken: Mapping[str, object], page: _Page, path: Path) -> str:
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


def _unreadable(error: YAMLError) -> Problem:
    """YAML's own complaint, at its own place."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    said = error.problem if isinstance(error, MarkedYAMLError) else str(error).splitlines()[0]
    sentence = f"this is not YAML: {said}; check indentation, quotes and colons around here"
    return Problem("", sentence, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)


def _decoded(data: object, shape: TypeAdapter[T], page: _Page) -> T | None:
    try:
        return shape.validate_python(data)
    except ValidationError as refused:
        for error in refused.errors(include_url=False)[:MOST_PROBLEMS]:
            if not sentences.echoes(error):
                _object(error, shape, page)
        return None


def _object(error: ErrorDetails, shape: TypeAdapter[Any], page: _Page) -> None:
    path = sentences.path(error)
    at_key = error["type"] == "unexpected_keyword_argument" or error["loc"][-1:] == ("[key]",)
    place = page.at(path, key=at_key)
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, TextError):
        for flaw in cause.flaws:
            page.object_to(path, flaw.sentence, _inside(place, flaw))
        return
    page.object_to(path, sentences.about(error, path, shape), place)


def _inside(place: _Place, flaw: Flaw) -> _Place:
    """Where in the file a flaw of this text stands, as exactly as the way it is written allows."""
    if not flaw.line or not place.line:
        return place
    if place.style == "|":
        return _Place(place.line + flaw.line, place.indent + max(flaw.column, 1))
    if flaw.line > 1 or place.style == ">":
        return place
    return _Place(place.line, place.column + bool(place.style) + max(flaw.column, 1) - 1)
