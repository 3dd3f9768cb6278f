"""What does every command need? The application, the brand, and one way to answer."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from optout.model import Channel
from outreach.app import Outreach, build
from outreach.bilingual import Language
from outreach.cli import recording
from outreach.errors import Conflict, Invalid, NotFound, Trouble
from outreach.sentences import nearest
from outreach.settings import Settings

BrandOption = Annotated[str, typer.Option("--brand", "-b", help="Key of the brand.")]
LanguageOption = Annotated[Language, typer.Option(help="Of the sentences.")]
RefArgument = Annotated[str, typer.Argument(help="Your own name of the person.")]
Prices = Annotated[list[str] | None, typer.Option("--price", help="Such as sms=0.045, a part.")]
_MOST = 1_000_000  # of any currency, for one message
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]

_WIDE = 1000  # columns, where nobody looks: what a pipe reads is not folded
_SHOWN = 20


@contextmanager
def opened() -> Iterator[Outreach]:
    """The application, for the length of a command; one that changes something is on record."""
    app = build(Settings.read(os.environ))
    try:
        recording.note(app)
        yield app
    finally:
        app.close()


def answer(data: object, *, as_json: bool, text: str = "") -> None:
    """Say it as JSON, or in a sentence."""
    if as_json:
        stream = _stream(sys.stdout)
        # Another encoding would spoil the document; escaped, it passes through any.
        escaped = "utf" not in (stream.encoding or "").lower()
        stream.write(json.dumps(plain(data), ensure_ascii=escaped, indent=2) + "\n")
    elif text:
        say(text)


def line(data: object) -> None:
    """Say it as JSON on a line of its own: one of many, so that nobody has to hold them all."""
    _stream(sys.stdout).write(json.dumps(plain(data), ensure_ascii=True) + "\n")


def say(text: str) -> None:
    """Say it on standard output."""
    _console().print(text, soft_wrap=True)


def answer_rows(
    rows: Sequence[Mapping[str, object]], *, columns: Sequence[str], as_json: bool, none: str
) -> None:
    """Say it as JSON, or as a table."""
    if as_json or not rows:
        answer(rows, as_json=as_json, text=none)
    else:
        _console().print(_table(rows, columns))


def aside(text: str, *, style: str | None = None) -> None:
    """Say it on standard error: what is no part of the answer."""
    _console(stderr=True).print(text, style=style, soft_wrap=True)


def refusals(lines: Sequence[str], *, as_json: bool) -> None:
    """Tell the first of the lines that were refused; a JSON answer holds them all anyway."""
    if as_json:
        return
    for line in lines[:_SHOWN]:
        aside(line)
    if len(lines) > _SHOWN:
        aside(f"and {len(lines) - _SHOWN} more; --json lists them all")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tell how far long work has come: on a terminal only, and gone when it is done."""
    with _console(stderr=True).status("") as status:
        yield status.update


@contextmanager
def resumable(done: int) -> Iterator[None]:
    """In trouble, say how many lines are done: they stand, and doing them again is harmless."""
    try:
        yield
    except Trouble as error:
        raise Trouble(
            f"{error.sentence}; {done} lines are done, so import the file again once the database "
            "is back: nothing is taken twice"
        ) from error


def one_of(given: str | None, known: Iterable[str], *, what: str) -> None:
    """Raises `Invalid`, naming the nearest known word, where another was given."""
    choices = set(known)
    if given is not None and given not in choices:
        raise Invalid(f"{given!r} is no {what}{nearest(given, choices)}")


def price_of(told: str) -> tuple[str, Decimal]:
    """A channel and the price of one message, or minute, on it. Raises `Invalid`.

    A price is neither negative nor without end.
    """
    channel, _, amount = told.partition("=")
    one_of(channel, [known.value for known in Channel], what="channel of a price")
    try:
        price = Decimal(amount)
    except InvalidOperation as error:
        raise Invalid(f"{told!r} is no price: write sms=0.045") from error
    if not price.is_finite() or not 0 <= price < _MOST:
        raise Invalid(f"{told!r} is no price: write one from 0 to less than {_MOST:,}")
    return channel, price


def instant(given: str | None) -> datetime | None:
    """An instant with its offset. Raises `Invalid` when it cannot be read or has none."""
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError as error:
        raise Invalid(f"{given!r} is no instant, such as 2026-11-11T09:30:00Z") from error
    if at.tzinfo is None:
        raise Invalid(f"{given!r} has no zone: end it with Z or an offset such as +08:00")
    return at


def file_text(path: Path) -> str:
    """The text of a file of UTF-8, with a byte order mark or without.

    Raises `NotFound` when it cannot be opened and `Invalid` when it is not UTF-8.
    """
    with readable(path):
        content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Invalid(f"{path} is not UTF-8 (line {line}); save it as UTF-8") from error


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, with its folders. Raises `Conflict` when it is there."""
    if path.exists():
        raise Conflict(f"{path} is there already: name another file")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises `NotFound` when a file cannot be opened or read."""
    try:
        yield
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from error


def plain(data: object) -> object:
    """The same as JSON knows it."""
    if isinstance(data, datetime | date):
        return data.isoformat()
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple | set | frozenset):
        return [plain(value) for value in data]
    if dataclasses.is_dataclass(data) and not isinstance(data, type):
        return plain({f.name: getattr(data, f.name) for f in dataclasses.fields(data)})
    return data if isinstance(data, bool | int | float | None) else str(data)


def shown(value: object) -> str:
    """One value as people read it; instants in UTC."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M UTC}"
    return "" if value is None else str(value)


def _table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Table:
    drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*(Text(shown(row.get(name))) for name in columns))
    return drawn


def _console(*, stderr: bool = False) -> Console:
    """Where people read: what it is given is text and never markup, since others wrote it."""
    stream = _stream(sys.stderr if stderr else sys.stdout)
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def _stream(stream: TextIO) -> TextIO:
    """The stream, escaping what its encoding lacks: better a code than no answer at all."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
