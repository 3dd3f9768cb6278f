"""Does a sheet for counsel hold all that decides, in words?"""

from datetime import date

import pytest

from outreach.errors import NotFound
from outreach.hours import counsel
from outreach.hours.counsel import Row, Sheet, told
from outreach.hours.model import Window
from outreach.hours.packs import load

PACKS = load()


def sheet(code: str) -> Sheet:
    return counsel.sheet(PACKS, code, on=date(2026, 11, 22))


def row(code: str, name: str) -> Row:
    return next(row for row in sheet(code).rows if row.id == name)


def test_a_state_is_shown_with_its_country():
    paper = sheet("us-fl")
    assert [row.id for row in paper.rows] == ["US-1", "US-2", "US-3", "US-FL-1"]
    assert {deadline.jurisdiction for deadline in paper.deadlines} == {"US", "US-FL"}
    text = told(paper)
    assert text.startswith("US-FL: engineering reference, not legal advice.")
    assert "Fla. Stat. 501.616(6)(a)-(b)" in text
    assert "statute, binding; verified, secondary_quoting_primary" in text
    assert "3 attempts in 24 hours, rolling (same_called_party_same_subject)" in text


@pytest.mark.parametrize(
    ("code", "name", "hours"),
    [
        ("US-FL", "US-FL-1", "mon-sun 08:00-20:00"),
        ("FR", "FR-1", "mon-fri 10:00-13:00, 14:00-20:00; sat-sun closed"),
        ("US-TX", "US-TX-1", "mon-sat 09:00-21:00; sun 12:00-21:00"),
        ("US-MS", "US-MS-1", "mon-sat 08:00-20:00; sun closed; on the clock of Etc/GMT+6 too"),
        ("DE", "DE-1", "no clock of its own"),
    ],
)
def test_hours_are_told_in_words(code, name, hours):
    assert row(code, name).hours == hours


def test_an_eve_a_state_list_dates_and_a_cap_of_days_are_told():
    assert "the day before a holiday 10:00-19:00" in row("IT", "IT-1").hours
    assert row("US-LA", "US-LA-1").holidays == "closed (US-LA, easter-47, easter-2, 11-01)"
    assert row("US-PA", "US-PA-1").in_force == "until 2026-10-17"
    assert row("FR", "FR-1").caps[0].startswith("4 attempts in 30 days, rolling")


def test_late_windows_and_whole_days_are_told():
    assert counsel.windows((Window(0, 1440),)) == "00:00-24:00"
    assert counsel.windows((Window(1320, 1560),)) == "22:00-02:00 of the next day"


def test_a_country_without_rows_shows_the_houses():
    paper = sheet("SE")
    assert paper.rows == ()
    assert [row.id for row in paper.house] == ["HOUSE-1", "HOUSE-2", "HOUSE-3"]
    assert "No row speaks of this place." in told(paper)


def test_what_is_no_place_is_not_found():
    with pytest.raises(NotFound, match="no place called 'US-FX'; did you mean"):
        sheet("US-FX")
