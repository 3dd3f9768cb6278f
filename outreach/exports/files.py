"""What file does somebody get who may take rows out?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from outreach.reports import tables

Readers: TypeAlias = Literal["machines", "spreadsheets", "workbook", "lines"]
READERS: tuple[Readers, ...] = ("machines", "spreadsheets", "workbook", "lines")
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class File:
    """What is in it, of which media type, and what to call it."""

    content: bytes
    media: str
    name: str


def made(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], readers: Readers, *, name: str
) -> File:
    """CSV for machines or for spreadsheets (in which no text acts), XLSX, or NDJSON.

    At most `model.MOST` rows, so it is made whole.
    """
    if readers == "workbook":
        return File(tables.workbook(rows, columns), _XLSX, f"{name}.xlsx")
    if readers == "lines":
        told = "".join(_line(row, columns) for row in rows)
        return File(told.encode(), "application/x-ndjson", f"{name}.ndjson")
    written = tables.for_machines if readers == "machines" else tables.for_spreadsheets
    return File(written(rows, columns).encode(), _CSV, f"{name}.csv")


def _line(row: Mapping[str, object], columns: Sequence[str]) -> str:
    told = {name: _plain(row.get(name)) for name in columns}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
