"""What does one line of a do-not-contact list say?

Pure. Five layouts are read: a number or mail address a line, a table with a header, the flat and
the change file of the US registry (area code, number; date and letter), and what a wash answers.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from optout import identity
from optout.errors import UnreadableIdentity, UnreadableList
from optout.model import Identity, Kind


class Layout(StrEnum):
    """How a list is laid out."""

    LINES = "lines"  # the address is the first field
    TABLE = "table"  # a header names the column
    US_FLAT = "us-flat"  # 201,2000000
    US_CHANGE = "us-change"  # 201,2000000,2026-11-20,A
    WASH = "wash"  # +442079460123,N: what the keeper of a register answered


class Line(NamedTuple):
    """What line `number`, from 1, says: an address and whether it is listed, or what is wrong."""

    number: int
    identity: Identity | None
    listed: bool
    problem: str = ""

    @property
    def verdict(self) -> str:
        """One word for the file of verdicts."""
        if self.identity is None:
            return "refused"
        return "listed" if self.listed else "clear"


_COLUMNS = ("address", "number", "phone", "telephone", "msisdn", "email", "e-mail", "mail")
_LISTED = frozenset({"y", "yes", "1", "true", "listed", "blocked", "match", "dnc", "d", "h"})
_CLEAR = frozenset({"n", "no", "0", "false", "clear", "clean", "ok", "c", "not listed"})
_ADDED, _REMOVED = frozenset({"A", "ADD"}), frozenset({"D", "DELETE"})

# Spellings that are canonical already: the same identity that `identity.phone` would give, sooner.
_PLAIN = re.compile(r"\+(?:1[2-9][0-9]{2}[2-9][0-9]{6}|861[3-9][0-9]{9}|447[1-9][0-9]{8})")
_AREA, _SEVEN = re.compile(r"[2-9][0-9]{2}"), re.compile(r"[2-9][0-9]{6}")
Fields = list[str]


def lines(text: Iterable[str], layout: Layout, *, region: str | None = None) -> Iterator[Line]:
    """Each line that is not empty; bad ones come back as refused and the rest goes on.

    `region` (ISO 3166) reads numbers without `+`. Raises `UnreadableList` when a table has no
    column of addresses, and where the file is not UTF-8.
    """
    rows = csv.reader(_decoded(text))
    column = _column(next(rows, [])) if layout is Layout.TABLE else 0
    read = _READERS[layout]
    for number, fields in enumerate(rows, start=2 if layout is Layout.TABLE else 1):
        if not fields or fields == [""]:
            continue
        try:
            yield Line(number, *read(fields, column, region))
        except (UnreadableIdentity, UnreadableList) as wrong:
            yield Line(number, None, listed=False, problem=str(wrong))


def address(text: str, region: str | None) -> Identity:
    """A mail address or a telephone number. Raises `UnreadableIdentity`."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return Identity(Kind.PHONE, text)
    return identity.email(text) if "@" in text else identity.phone(text, region=region)


def _decoded(text: Iterable[str]) -> Iterator[str]:
    try:
        yield from text
    except UnicodeDecodeError as error:
        raise UnreadableList("the list is not UTF-8; save it as UTF-8") from error


def _column(header: Fields) -> int:
    names = [name.strip().lower().lstrip("\ufeff") for name in header]
    found = next((names.index(name) for name in _COLUMNS if name in names), None)
    if found is None:
        raise UnreadableList(f"the first line names no column of addresses: {', '.join(_COLUMNS)}")
    return found


def _plain(fields: Fields, column: int, region: str | None) -> tuple[Identity, bool]:
    if len(fields) <= column:
        raise UnreadableList("the line is shorter than the header")
    return address(fields[column], region), True


def _us(fields: Fields) -> Identity:
    area, seven = (fields[0].strip(), fields[1].strip()) if len(fields) > 1 else ("", "")
    if not (_AREA.fullmatch(area) and _SEVEN.fullmatch(seven)):
        raise UnreadableList("not area code and number, such as 201,2000000")
    return Identity(Kind.PHONE, f"+1{area}{seven}")


def _us_flat(fields: Fields, _column: int, _region: str | None) -> tuple[Identity, bool]:
    return _us(fields), True


def _us_change(fields: Fields, _column: int, _region: str | None) -> tuple[Identity, bool]:
    letter = fields[-1].strip().upper()
    if letter not in _ADDED | _REMOVED:
        raise UnreadableList("a change ends with A for added or D for deleted")
    return _us(fields), letter in _ADDED


def _wash(fields: Fields, _column: int, region: str | None) -> tuple[Identity, bool]:
    word = fields[1].strip().lower() if len(fields) > 1 else ""
    if word not in _LISTED | _CLEAR:
        raise UnreadableList("a wash says Y or N behind the number")
    return address(fields[0], region), word in _LISTED


_READERS: Mapping[Layout, Callable[[Fields, int, str | None], tuple[Identity, bool]]] = {
    Layout.LINES: _plain,
    Layout.TABLE: _plain,
    Layout.US_FLAT: _us_flat,
    Layout.US_CHANGE: _us_change,
    Layout.WASH: _wash,
}
