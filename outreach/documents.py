"""What value does a document give, and if none, what is wrong with it at which line?

And what is its text when a form changes one value? The rest of it stays as somebody wrote it.
"""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.error import YAMLError

from outreach import plain_yaml, sentences
from outreach.errors import Invalid, Problem
from outreach.plain_yaml import Page, Place
from outreach.sentences import Flaw, Path, TextError

T = TypeVar("T")
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)

MOST_BYTES = 256 * 1024
MOST_PROBLEMS = 100  # nobody reads the hundred and first, and each costs time to word


def read(text: str, shape: TypeAdapter[T], *, name: str) -> T:
    """The document as a value of this shape.

    Raises `Invalid` with every problem found, up to 100, in the order in which they stand, each
    with line, column and path; `details["document"]` is the name. A text above 256 KiB is refused
    unread.
    """
    if len(text.encode(errors="surrogatepass")) > MOST_BYTES:
        raise _invalid(name, [Problem("", f"split it: it is longer than {MOST_BYTES // 1024} KiB")])
    page = Page(text.splitlines())
    try:
        data = plain_yaml.tree(text, page)
    except TextError as stop:
        page.problems += [Problem("", f.sentence, f.line, f.column) for f in stop.flaws]
        raise _invalid(name, page.problems) from stop
    except YAMLError as stop:
        raise _invalid(name, [*page.problems, plain_yaml.unreadable(stop)]) from stop
    return _value(data, shape, page, name)


def decode(data: object, shape: TypeAdapter[T], *, name: str) -> T:
    """Plain data (a decoded JSON body) as a value of this shape; `Invalid` then has no lines."""
    return _value(data, shape, Page([]), name)


def problem(text: str, path: Path, sentence: str) -> Problem:
    """A problem of a readable document that its shape could not know, at its line and column."""
    page = Page(text.splitlines())
    plain_yaml.tree(text, page)
    place = page.at(path)
    return Problem(sentences.shown(path), sentence, place.line, place.column)


def changed(text: str, path: Path, value: object) -> str:
    """The document with this value at this path; comments and every other sign stay.

    Where nothing stands there yet it is added, as the last of its mapping or list. Raises `Invalid`
    when the text cannot be read, the path leads nowhere, or only a person can make this change.
    """
    before = _plain(text)
    wanted = _with(before, path, value)
    after = plain_yaml.replaced(text, path, value)
    if after is None or _plain(after) != wanted:
        raise Invalid(f"{sentences.shown(path)} has to be changed by hand: it is written unusually")
    return after


def _plain(text: str) -> object:
    return read(text, _ANYTHING, name="document")


def _with(data: object, path: Path, value: object) -> object:
    """The same data but for this path. Raises `Invalid` when it leads nowhere."""
    if not path:
        return value
    first, *rest = path
    if isinstance(data, dict) and isinstance(first, str) and (not rest or first in data):
        return data | {first: _with(data.get(first), tuple(rest), value)}
    if isinstance(data, list) and isinstance(first, int) and 0 <= first <= len(data) - bool(rest):
        entry = _with(data[first] if first < len(data) else None, tuple(rest), value)
        return [*data[:first], entry, *data[first + 1 :]]
    raise Invalid(f"there is nothing at {sentences.shown(path)}")


def _value(data: object, shape: TypeAdapter[T], page: Page, name: str) -> T:
    value = _decoded(data, shape, page)
    if page.problems or value is None:
        raise _invalid(name, page.problems)
    return value


def _invalid(name: str, problems: list[Problem]) -> Invalid:
    ordered = sorted(problems, key=lambda p: (p.line, p.column))[:MOST_PROBLEMS]
    number = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    return Invalid(f"{name} cannot be used: {number}", problems=ordered, document=name)


def _decoded(data: object, shape: TypeAdapter[T], page: Page) -> T | None:
    try:
        return shape.validate_python(data)
    except ValidationError as refused:
        for error in refused.errors(include_url=False)[:MOST_PROBLEMS]:
            if not sentences.echoes(error):
                _object(error, shape, page)
        return None


def _object(error: ErrorDetails, shape: TypeAdapter[Any], page: Page) -> None:
    path = sentences.path(error)
    at_key = error["type"] == "unexpected_keyword_argument" or error["loc"][-1:] == ("[key]",)
    place = page.at(path, key=at_key)
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, TextError):
        for flaw in cause.flaws:
            page.object_to(path, flaw.sentence, _inside(place, flaw))
        return
    page.object_to(path, sentences.about(error, path, shape), place)


def _inside(place: Place, flaw: Flaw) -> Place:
    """Where in the file a flaw of this text stands, as exactly as the way it is written allows."""
    if not flaw.line or not place.line:
        return place
    if place.style == "|":
        return Place(place.line + flaw.line, place.indent + max(flaw.column, 1))
    if flaw.line > 1 or place.style == ">":
        return place
    return Place(place.line, place.column + bool(place.style) + max(flaw.column, 1) - 1)
