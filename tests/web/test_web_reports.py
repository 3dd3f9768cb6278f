"""Does the API tell what is planned, and what became of the rest?"""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests import builders as b

CALENDAR, SUMS = "/api/v1/reports/calendar", "/api/v1/reports/sums"
SPAN = {"since": b.NOON.isoformat(), "until": (b.NOON + timedelta(days=1)).isoformat()}


def test_days_and_sums_are_told_on_the_brands_clock(client: TestClient) -> None:
    planned = client.get(CALENDAR, params={"since": "2026-11-11", "days": 1}).json()
    assert planned["days"][0]["sales"] == ["Double 11"]
    told = client.get(SUMS, params=SPAN | {"by": "hour"}).json()
    assert (told["zone"], told["sums"]) == (planned["zone"], [])


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (CALENDAR, {"since": "9999-12-31"}),
        (CALENDAR, {"days": "9999"}),
        (SUMS, SPAN | {"by": "minute"}),
        (SUMS, {"since": "2026-03-10"}),
    ],
)
def test_what_cannot_be_asked_of_reports_is_refused(
    client: TestClient, path: str, asked: dict[str, str]
) -> None:
    answer = client.get(path, params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
