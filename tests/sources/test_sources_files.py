"""What do files of everyday become, line by line?"""

import io
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.events.sources import sheet, store, tables
from outreach.events.sources.columns import Columns
from outreach.events.sources.tables import Row
from outreach.inbound import files
from outreach.inbound.files import Verdict
from tests import builders as b

HEAD = "运单号,会员号,签收时间,手机号"
LINES = f"{HEAD}\nsf 1001,c-1,2026/3/10 19:30:00,13800138000\nSF1001,c-1,2026-03-10 19:30,\n"
CHOSEN = Columns(
    {"parcel": "运单号", "subject": "会员号", "time": "签收时间", "person.phone": "手机号"},
    {"type": "parcel.delivered", "person.country": "CN"},
)
_EVENTS = text("select key, occurred_at from outreach.events")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def imported(app: Outreach, brand: BrandRef, body: bytes, *, test: bool = False) -> list[Verdict]:
    with app.means.database.begin(brand) as tx:
        store.add(
            tx, brand, key="export", kind="generic", secret="x", zone="Asia/Shanghai", test=test,
            sealing=app.sealing,
        )  # fmt: skip
        source = store.by_key(tx, brand, "export", sealing=app.sealing)
    taken = files.take_in(app.means, source, tables.rows(body), CHOSEN)
    return [verdict for batch in taken for verdict in batch]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_reads_alike_however_it_was_saved(encoding: str, between: str) -> None:
    """Excel in China writes GBK, elsewhere a byte order mark; both write what they like between."""
    body = LINES.replace(",", between).encode(encoding)
    assert [row.cells for row in tables.rows(body)] == [
        row.cells for row in tables.rows(LINES.encode())
    ]


def test_a_line_gets_its_verdict(app: Outreach, brand: BrandRef) -> None:
    body = f"{LINES},c-2,2026-03-10 10:00,\nSF9,c-3,gestern,\na,b,c,d,e\n".encode("gbk")
    verdicts = {one.line: (one.verdict, one.code) for one in imported(app, brand, body)}
    assert verdicts == {
        2: ("accepted", None),
        3: ("already_seen", None),
        4: ("refused", "no-business-key"),
        5: ("refused", "malformed"),
        6: ("refused", "malformed"),
    }


def test_local_times_of_a_file_are_its_sources(app: Outreach, brand: BrandRef) -> None:
    imported(app, brand, LINES.encode())
    with app.means.database.begin(brand) as tx:
        ((key, at),) = tx.execute(_EVENTS).all()
    assert (key, at.isoformat()) == ("parcel.delivered:SF1001", "2026-03-10T11:30:00+00:00")


def test_a_file_of_a_test_source_is_only_looked_at(app: Outreach, brand: BrandRef) -> None:
    assert {one.verdict for one in imported(app, brand, LINES.encode(), test=True)} == {"test"}
    with app.means.database.begin(brand) as tx:
        assert tx.execute(_EVENTS).all() == []


def test_a_file_again_is_seen_already(app: Outreach, brand: BrandRef) -> None:
    imported(app, brand, LINES.encode())
    with app.means.database.begin(brand) as tx:
        source = store.by_key(tx, brand, "export", sealing=app.sealing)
    again = files.take_in(app.means, source, tables.rows(LINES.encode()), CHOSEN)
    assert {v.verdict for batch in again for v in batch} == {"already_seen"}


def a_sheet(*table: tuple[object, ...]) -> bytes:
    return a_sheet_of("".join(f"<row>{''.join(map(_cell, cells))}</row>" for cells in table))


def a_sheet_of(rows: str) -> bytes:
    """A workbook with one sheet, of the fewest parts that make one."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{types}"><Override PartName="/xl/workbook.xml" '
            f'ContentType="{kind}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def test_a_sheet_of_excel_is_read() -> None:
    """A whole number stays one: Excel keeps every number as a fraction."""
    body = a_sheet(("order", "amount"), (727, 19.5), ("E-1", "x"))
    told = [(row.line, dict(row.cells)) for row in tables.rows(body)]
    assert told == [(2, {"order": "727", "amount": "19.5"}), (3, {"order": "E-1", "amount": "x"})]


def test_a_sheet_of_two_cells_in_opposite_corners_takes_nothing_down() -> None:
    """Dense it would have 17 thousand million cells: whoever reads it is another process."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c>'
    with pytest.raises(Invalid, match="split it"):
        list(tables.rows(a_sheet_of(f"{rows}</row>")))


def test_a_reader_that_is_ended_in_the_middle_of_a_row_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As one that takes too long is."""
    dies = 'import os; os.write(1, b\'[1, ["a"]]\\n[2, ["b\'); os.kill(os.getpid(), 9)'
    monkeypatch.setattr(sheet, "_COMMAND", [sys.executable, "-I", "-c", dies])
    with pytest.raises(Invalid, match="split it"):
        list(tables.rows(a_sheet(("a",), ("b",))))


def test_a_sheet_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_UNPACKED", 100)
    with pytest.raises(Invalid, match="unpacks"):
        list(tables.rows(a_sheet(("a",), ("b",))))


@pytest.mark.parametrize("body", [b"PK\x03\x04 and nothing", b"\xff\xff\xff\xff\x80", b'a\n"b'])
def test_what_is_no_table_says_so(body: bytes) -> None:
    with pytest.raises(Invalid):
        list(tables.rows(body))


def test_lines_of_json_are_rows() -> None:
    body = b'{"order": 820982911946154508}\n\n{"order": \n[1]\n'
    told = list(tables.rows(body))
    assert told[0] == Row(1, {"order": "820982911946154508"})
    assert [row.line for row in told if row.wrong] == [3, 4]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(body: bytes) -> None:
    try:
        found = list(tables.rows(body))
    except Invalid:
        return
    assert all(row.line >= 1 for row in found)
