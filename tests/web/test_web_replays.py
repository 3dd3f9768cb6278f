"""May a machine ask what would happen, and within which bounds?"""

import json
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b

REPLAYS = "/api/v1/replays"
DAYS = {"since": b.NOON.isoformat(), "until": (b.NOON + timedelta(days=1)).isoformat()}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"campaign": "news"} | DAYS, 404),
        ({"campaign": "news"}, 422),
        ({"campaign": "news", "since": b.NOON.isoformat()}, 422),
        ({"campaign": "news"} | DAYS | {"until": "2026-12-24T00:00:00Z"}, 422),
        ({"campaign": "news"} | DAYS | {"until": b.NOON.isoformat()}, 422),
        ({"campaign": "news"} | DAYS | {"rows": 10_001}, 422),
        ({"campaign": "news"} | DAYS | {"capacity": ["sms=lots"]}, 422),
        ({"campaign": "news", "events": [{}] * 1001}, 422),
        ({"campaign": "news", "source": "key: other"} | DAYS, 422),
    ],
)
def test_what_cannot_be_replayed_is_refused_at_once(
    client: TestClient, asked: dict[str, object], status: int
) -> None:
    """Before a server is started for it."""
    assert client.post(REPLAYS, json=asked).status_code == status


@pytest.mark.long
def test_a_replay_is_told_in_lines_and_gives_its_turn_back(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Days first, then what they came to; when they are over the next may be asked."""
    b.a_live_campaign(app, brand)
    for _ in range(2):
        answer = client.post(REPLAYS, json={"campaign": "reminder"} | DAYS)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        at, said = map(json.loads, answer.text.splitlines())
        assert at == {"at": b.NOON.isoformat()}
        assert said["answer"]["rows"] == 0
