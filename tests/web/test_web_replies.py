"""Does a reply that a provider passes on take effect?"""

from fastapi.testclient import TestClient

REPLIES = "/api/v1/replies"
ADA = {"name": "Ada Example", "country": "US", "phone": "+12125550101", "email": "ada@x.example"}
STOP = {"id": "m-1", "from": "+12125550101", "text": "Please stop.", "channel": "sms"}


def test_a_refusal_is_read_and_withdrawn(client: TestClient) -> None:
    client.put("/api/v1/people/c-1", json=ADA)
    answer = client.post(REPLIES, json=STOP)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "intent": "withdraw", "scope": "all", "matched": "stop", "rule": "keyword",
        "people": ["c-1"], "entries": 2, "in_air": [], "cases": [], "survey": None, "score": None,
    }  # fmt: skip


def test_an_answer_to_a_question_is_none(client: TestClient) -> None:
    answer = client.post(REPLIES, json=STOP | {"text": "No", "pending": ["yes", "no"]})
    assert (answer.json()["intent"], answer.json()["entries"]) == ("none", 0)


def test_a_reply_that_cannot_be_read_is_refused(client: TestClient) -> None:
    assert client.post(REPLIES, json=STOP | {"from": "12345"}).status_code == 422
    assert client.post(REPLIES, json=STOP | {"channel": "fax"}).status_code == 422
    assert client.post(REPLIES, json={"id": "m-1"}).status_code == 422
