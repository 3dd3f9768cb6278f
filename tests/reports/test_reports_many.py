"""Do reports and lists read a few rows where many are, and do a bench's sums close?"""

from contextlib import closing

import pytest

from bench import filled, stage, watched
from outreach.reports import newest, sums

TOUCHES = 20_000
ASKED: tuple[dict[str, str], ...] = (
    {"state": "sent"}, {"state": "delivered"}, {"state": "planned"}, {"state": "uncertain"},
    {"state": "failed"}, {"reason": "withdrawn"}, {"campaign": "news-3"},
    {"state": "cancelled", "campaign": "news-4"},
)  # fmt: skip


@pytest.mark.long
def test_the_newest_are_found_without_reading_a_table_whole() -> None:
    """Of each index a few hundred rows, looked up once more by their keys; every list is full."""
    with stage.servers() as running, closing(stage.built(running)) as app:
        ref = stage.brand(app)
        now = app.means.clock()
        filled.go_live(app, ref, now=now)
        filled.fill(stage.as_superuser(running), filled.Wanted(ref, TOUCHES, now))
        for asked in ASKED:
            with (
                watched.watching(app.means.database.engine) as seen,
                app.means.database.begin(ref) as tx,
            ):
                found = newest.touches(tx, limit=20, **asked)
            assert len(found) == 20, asked
            assert seen.whole == set(), asked
            assert seen.rows < TOUCHES / 2, asked
        with app.means.database.reading(ref) as tx:
            assert sums.drifted(tx) == []
