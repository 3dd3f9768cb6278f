"""Does a table reach machines as it is, and spreadsheets without acting?"""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from outreach.reports import tables

ACTING = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")']


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_machines_read_what_was_written(texts: list[str]) -> None:
    """Commas, quotes and line ends included."""
    names = [str(place) for place in range(len(texts))]
    written = tables.for_machines([dict(zip(names, texts, strict=True))], names)
    read = list(csv.reader(io.StringIO(written, newline="")))
    assert read == [names, texts]


@pytest.mark.parametrize("text", ACTING)
def test_no_text_acts_in_a_spreadsheet(text: str) -> None:
    """It stands there with an apostrophe before it; in a workbook it is marked as text."""
    written = tables.for_spreadsheets([{"a": text, "b": -3}], ["a", "b"])
    assert written.startswith("\ufeff")
    (_, (first, number)) = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert (first, number) == (f"'{text}", "-3")
    book = CalamineWorkbook.from_filelike(io.BytesIO(tables.workbook([{"a": text}], ["a"])))
    assert book.get_sheet_by_index(0).to_python()[1] == [text]


def test_a_workbook_keeps_numbers_and_is_the_same_each_time() -> None:
    """What XML cannot hold is left out, and nothing depends on the hour."""
    rows = [{"name": "a\x00<b>", "many": 3, "share": 0.5, "none": None}]
    made = tables.workbook(rows, ["name", "many", "share", "none"])
    assert made == tables.workbook(rows, ["name", "many", "share", "none"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert sheet[1][:3] == ["a<b>", 3, 0.5]
