"""What does every command need? The application, the brand, and one way to answer."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from outreach.app import Outreach, build
from outreach.errors import Invalid, NotFound
from outreach.settings import Settings

BrandOption = Annotated[
    str, typer.Option("--brand", "-b", envvar="OUTREACH_CLI_BRAND", help="Key of the brand.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as one JSON document.")]

out = Console()
err = Console(stderr=True)


@contextmanager
def opened() -> Iterator[Outreach]:
    """The application, for the length of a command."""
    app = build(Settings.read(os.environ))
    try:
        yield app
    finally:
        app.close()


def answer(data: object, *, as_json: bool, text: str = "") -> None:
    """Say it as JSON, or in a sentence."""
    if as_json:
        sys.stdout.write(json.dumps(plain(data), ensure_ascii=False, indent=2) + "\n")
    elif text:
        out.print(text, highlight=False, markup=False)


def answer_rows(
    rows: Sequence[Mapping[str, object]], *, columns: Sequence[str], as_json: bool, none: str
) -> None:
    """Say it as JSON, or as a table."""
    if as_json:
        answer(rows, as_json=True)
    elif not rows:
        out.print(none)
    else:
        out.print(table(rows, columns))


def table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Table:
    """A table for people."""
    drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*(_cell(row.get(name)) for name in columns))
    return drawn


def file_text(path: Path) -> str:
    """The text of a file of UTF-8. Raises `NotFound` or `Invalid`."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
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


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}"
    return "" if value is None else str(value)
