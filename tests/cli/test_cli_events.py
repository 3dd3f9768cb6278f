"""Does a file of events come in once per business key, and each bad line keep its number?"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.cli import events
from outreach.db.engine import BrandRef
from outreach.events.reading import LARGEST_EVENT
from tests import builders as b
from tests.cli.conftest import Run

Written = Callable[[str, str | bytes], Path]
_KEYS = text("select key from outreach.events order by key")


@pytest.fixture
def lumen(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def a_line(parcel: str = "P-1", **changes: object) -> str:
    event = {
        "specversion": "1.0", "type": "parcel.delivered", "subject": "ada", "source": "shop",
        "time": b.NOON.isoformat(), "data": {"parcel": parcel},
    }  # fmt: skip
    return json.dumps(event | changes)


def keys(app: Outreach, lumen: BrandRef) -> list[str]:
    with app.means.database.begin(lumen) as tx:
        return [row.key for row in tx.execute(_KEYS)]


def test_bad_lines_are_refused_by_number_and_the_rest_goes_on(
    app: Outreach, run: Run, written: Written, lumen: BrandRef
) -> None:
    lines = {
        "malformed": ["not json", "[]", b"\xff".decode("latin-1"), "[" * 100_000],
        "in-the-future": [a_line(time=(b.NOON + timedelta(hours=1)).isoformat())],
        "too-old": [a_line(time="2019-01-01T00:00:00Z")],
        "unknown-type": [a_line(type="parcel.eaten")],
        "no-business-key": [a_line(data={})],
        "too-large": [a_line(data={"parcel": "P-9", "note": "x" * LARGEST_EVENT})],
    }
    bad = [(code, line) for code, of_code in lines.items() for line in of_code]
    file = written("e.ndjson", "\n".join([a_line("P-1"), *(x for _, x in bad), "", a_line("P-2")]))
    said = run("events", "import", file, "-b", "lumen", "--json")
    assert (said.code, said.err) == (1, "")
    assert (said.json["accepted"], said.json["already_seen"]) == (2, 0)
    told = [(line["line"], line["code"]) for line in said.json["refused"]]
    assert told == [(number, code) for number, (code, _) in enumerate(bad, start=2)]
    assert keys(app, lumen) == ["parcel.delivered:P-1", "parcel.delivered:P-2"]


def test_a_fact_reported_twice_is_taken_once(run: Run, written: Written, lumen: BrandRef) -> None:
    file = written("e.ndjson", f"{a_line()}\r\n{a_line(source='carrier')}\n")
    assert run("events", "import", file, "-b", "lumen").out == (
        "1 accepted, 1 already seen, 0 refused\n"
    )
    again = run("events", "import", file, "-b", "lumen")
    assert (again.code, again.out) == (0, "0 accepted, 2 already seen, 0 refused\n")


def test_a_refused_line_is_told_on_standard_error(
    run: Run, written: Written, lumen: BrandRef
) -> None:
    said = run("events", "import", written("e.ndjson", "no\n"), "-b", "lumen")
    assert (said.code, said.out) == (1, "0 accepted, 0 already seen, 1 refused\n")
    assert said.err.startswith("line 1: malformed: ")


def test_lines_are_counted_across_batches(
    run: Run, written: Written, lumen: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BATCH", 2)
    file = written(
        "e.ndjson", "\n".join([a_line("1"), a_line("2"), a_line("3"), "no", a_line("4")])
    )
    said = run("events", "import", file, "-b", "lumen", "--json")
    assert said.json["accepted"] == 4
    assert [line["line"] for line in said.json["refused"]] == [4]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", ""])
def test_without_redis_events_are_stored_all_the_same(
    app: Outreach, run: Run, written: Written, lumen: BrandRef, url: str
) -> None:
    file = written("e.ndjson", a_line())
    said = run("events", "import", file, "-b", "lumen", "--json", OUTREACH_REDIS_URL=url)
    assert (said.code, said.json["accepted"]) == (0, 1)
    assert keys(app, lumen) == ["parcel.delivered:P-1"]


def test_a_redis_that_cannot_be_used_is_told_and_no_failure(
    run: Run, written: Written, lumen: BrandRef
) -> None:
    said = run(
        "events", "import", written("e.ndjson", a_line()), "-b", "lumen", OUTREACH_REDIS_URL="x"
    )
    assert (said.code, said.out) == (0, "1 accepted, 0 already seen, 0 refused\n")
    assert said.err.startswith("the events are stored, no worker was woken: OUTREACH_REDIS_URL")


def test_a_database_that_is_away_takes_nothing(run: Run, written: Written) -> None:
    file = written("e.ndjson", a_line())
    away = "postgresql://nobody@127.0.0.1:1/none"
    said = run("events", "import", file, "-b", "lumen", OUTREACH_DATABASE_URL=away)
    assert (said.code, said.out) == (4, "")
