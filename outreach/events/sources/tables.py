"""Which rows does this file hold?

CSV in UTF-8, UTF-16 or GBK, with a byte order mark or without, between commas, semicolons or tabs;
a sheet of Excel; or a JSON object a line. Every cell is a text; rows bear the number of their line.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from outreach.errors import Invalid
from outreach.events.sources import sheet
from outreach.events.sources.fields import decoded

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIPPED = b"PK\x03\x04"
_MOST_UNPACKED = 500 * 1024 * 1024  # bytes; a sheet of a million rows is far below
_BETWEEN = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file, from 1: its cells by column, or what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    wrong: str | None = None


def rows(body: bytes) -> Iterator[Row]:
    """The rows of a file, whichever of the three it is. Raises `Invalid`."""
    if body.startswith(_ZIPPED):
        return _sheet(body)
    if body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return _objects(body)
    return _lines(text_of(body))


def text_of(body: bytes) -> str:
    """The text of a file of unknown encoding: its mark, else UTF-8, else GBK. Raises `Invalid`."""
    named = [encoding for mark, encoding in _MARKS if body.startswith(mark)]
    for encoding in named or ["utf-8", "gb18030"]:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = error
    raise Invalid(f"the file is neither UTF-8 nor GBK ({wrong}); save it as UTF-8")


def _lines(text: str) -> Iterator[Row]:
    """The first line names the columns; of separators the one that it holds most often counts."""
    head = text.partition("\n")[0]
    between = max(_BETWEEN, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        columns = [name.strip() for name in next(reader, [])]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(reader.line_num, columns, cells)
    except csv.Error as error:
        raise Invalid(f"line {reader.line_num} is no CSV: {error}") from error


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        return Row(line, {}, f"it has {len(cells)} cells and the first line {len(columns)}")
    given = zip(columns, cells, strict=False)
    return Row(line, {name: cell.strip() for name, cell in given if name})


def _objects(body: bytes) -> Iterator[Row]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            told = decoded(line)
        except Invalid as error:
            yield Row(number, {}, error.sentence)
            continue
        if isinstance(told, dict):
            yield Row(number, {str(name): _text(value) for name, value in told.items()})
        else:
            yield Row(number, {}, "it is no JSON object")


def _sheet(body: bytes) -> Iterator[Row]:
    """The first row that holds something names the columns."""
    _refuse_bomb(body)
    told = sheet.rows(body)
    columns = next(([name.strip() for name in cells] for _, cells in told), [])
    for line, cells in told:
        yield _row(line, columns, cells)


def _refuse_bomb(body: bytes) -> None:
    """A small archive may say that it unpacks to more than there is memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Invalid(f"the sheet cannot be read: {error}") from error
    if unpacked > _MOST_UNPACKED:
        raise Invalid(f"the sheet unpacks to {unpacked} bytes; split it into several")


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
