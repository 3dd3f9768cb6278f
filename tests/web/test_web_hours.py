"""Does the API say when somebody may be contacted, and why?"""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient

WHEN = "/api/v1/hours/when"
PANHANDLE = {"phone": "+18505550123", "channel": "sms", "purpose": "marketing"}


def test_the_answer_names_candidates_rules_and_evidence(client: TestClient) -> None:
    asked = PANHANDLE | {"at": "2026-11-23T13:30:00Z"}
    answer = client.get(WHEN, params=asked).json()
    assert answer["allowed"] is False
    assert datetime.fromisoformat(answer["next"]) == datetime.fromisoformat("2026-11-23T14:00Z")
    assert answer["candidates"]["jurisdictions"] == ["US", "US-FL"]
    assert "US-FL-1" in {rule["rule"] for rule in answer["rules"]}
    assert answer["evidence"] == ["number +1 in US"]


def test_without_an_instant_the_question_is_about_now(client: TestClient) -> None:
    assert client.get(WHEN, params=PANHANDLE).json()["next"]


@pytest.mark.parametrize(
    "members",
    [{"channel": "fax"}, {"at": "2026-11-23T13:30:00"}, {"zone": "Europe/Lisboa"}, {"fon": "1"}],
)
def test_what_cannot_be_asked_is_refused(client: TestClient, members: dict[str, str]) -> None:
    answer = client.get(WHEN, params=PANHANDLE | members)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def test_a_stranger_is_not_answered(stranger: TestClient) -> None:
    assert stranger.get(WHEN, params=PANHANDLE).status_code == 401
