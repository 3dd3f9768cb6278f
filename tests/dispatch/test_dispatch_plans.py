"""Are the statements of each day looked up in an index, whatever lies beside their set?"""

import pytest

from bench import hot

BESIDE = 100_000
ROWS = {
    "reported": 8, "told again": 3, "planned": 12, "sent": 40, "receipts": 16, "pushed": 6,
    "taken back": 40,
}  # fmt: skip


@pytest.mark.long
def test_each_deed_of_the_day_reads_what_its_set_needs_and_no_table_whole() -> None:
    """Among a hundred thousand touches; `make bench ONLY=hot` says the same of a million.

    The plan of each statement is asked for with the values that it is carried out with.
    """
    told = hot.measured(BESIDE)
    assert {name: seen.whole for name, seen in told.items()} == {name: set() for name in ROWS}
    read = {name: seen.rows / hot.A_SET for name, seen in told.items()}
    assert {name: rows for name, rows in read.items() if rows > ROWS[name]} == {}
