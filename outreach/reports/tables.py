"""How does a table leave us: for machines, or for people who open it in a spreadsheet?

The two are apart. Machines get each value as it is (RFC 4180). A spreadsheet takes a text that
begins with =, +, - or @ for a formula and runs it, so there such a text is preceded by an
apostrophe (OWASP, "CSV Injection"); in a workbook each text is marked as one and stays as it is.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

Row = Mapping[str, object]

_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BOM = "\ufeff"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same table makes the same bytes
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/'
        'worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http:'
        '//schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" '
        'sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def for_machines(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """CSV with each value as it is: nothing as an empty cell, instants in ISO 8601."""
    return _csv(rows, columns, _plain)


def for_spreadsheets(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """CSV that Excel opens as UTF-8 and in which no text acts."""
    return _BOM + _csv(rows, columns, _tame)


def workbook(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """An XLSX with one sheet (ECMA-376): numbers as numbers, all else as text."""
    sheet = "".join(_sheet(rows, columns))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in (_PARTS | {"xl/worksheets/sheet1.xml": sheet}).items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            made.writestr(zipfile.ZipInfo(name, _LONG_AGO), head + part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _csv(rows: Iterable[Row], columns: Sequence[str], cell: Callable[[object], str]) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([cell(name) for name in columns])
    lines.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def _tame(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula; a number stays a number."""
    text = _plain(value)
    number = isinstance(value, int | float | Decimal)
    return f"'{text}" if text.startswith(_ACTS) and not number else text


def _sheet(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    yield _line(columns)
    for row in rows:
        yield _line([row.get(name) for name in columns])
    yield "</sheetData></worksheet>"


def _line(values: Iterable[object]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: object) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = escape(_plain(value).translate(_NOT_XML))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
