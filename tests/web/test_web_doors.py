"""Who gets in, and does anyone see what is another brand's?"""

import base64
import logging
import re

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import Hints
from outreach.web import server
from tests import builders
from tests.web.requests import EVENTS, STRUCTURED, a_planned_touch, an_event

API = "/api/v1"
HEALTH = "/api/v1/health"


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


def test_without_a_key_every_door_is_closed(stranger: TestClient, brand: BrandRef) -> None:
    """Every door that the description tells of, with anything where a name belongs."""
    told = stranger.get(f"{API}/openapi.json").json()["paths"]
    doors = [(m.upper(), path) for path, methods in told.items() for m in methods if path != HEALTH]
    assert len(doors) > 20
    for method, path in doors:
        answer = stranger.request(method, re.sub(r"{\w+}", "x", path), json={})
        assert answer.status_code == 401, f"{method} {path}: {answer.text}"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "forbidden"


def test_every_wrong_key_gets_the_same_answer(
    stranger: TestClient, app: Outreach, brand: BrandRef, key: str
) -> None:
    wrong = [
        "", "x", "ork", "ork.lumen", "ork.lumen.", "ork.nobody.secret", f"{key}x", key[:-1],
        key.replace("lumen", "other"), key.upper(), "ork.lumen.\xff",
    ]  # fmt: skip
    headers = [f"Bearer {one}".encode("latin-1") for one in wrong] + [key.encode(), b"Basic eDp5"]
    told = {
        stranger.get(f"{API}/campaigns", headers={b"Authorization": one}).text for one in headers
    }
    assert len(told) == 1
    assert '"status":401' in told.pop()


def test_a_revoked_key_is_closed_at_once(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    assert client.get(f"{API}/campaigns").status_code == 200
    with app.means.database.begin(brand) as tx:
        for row in tx.exec_driver_sql("select id from outreach.api_keys").all():
            keys.revoke(tx, row.id, now=app.means.clock())
    assert client.get(f"{API}/campaigns").status_code == 401


@pytest.mark.parametrize("path", ["/", "/why", "/why?q=c-1"])
def test_pages_take_a_key_for_a_password_and_say_so(
    stranger: TestClient, key: str, path: str
) -> None:
    """A machine is asked for it; a browser is led to the form, unless its key is wrong."""
    browser = {"Accept": "text/html"}
    for headers in ({}, {"Authorization": f"Bearer {key}"}):
        assert stranger.get(path, headers=headers).headers["www-authenticate"].startswith("Basic")
        assert stranger.get(path, headers=browser | headers).status_code == 303
    answer = stranger.get(path, headers=browser | basic("wrong"))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.headers["content-type"].startswith("text/html")
    assert stranger.get(path, headers={"Authorization": "Basic ***"}).status_code == 401
    assert stranger.get("/", headers=basic(key)).status_code == 200


def test_nothing_of_one_brand_is_seen_or_changed_by_another(
    client: TestClient, app: Outreach, brand: BrandRef, broker: StubBroker
) -> None:
    a_planned_touch(app, brand, name="Canary Example", email="canary@customers.example")
    touch = client.get(f"{API}/touches").json()["touches"][0]["touch"]
    before = client.get(f"{API}/explain/people/c-1").text
    other = builders.a_brand(app, "rival")
    with app.means.database.begin(other) as tx:
        theirs = keys.issue(tx, other, name="tests")
    headers = {"Authorization": f"Bearer {theirs}"}
    said = {"action": "withdraw", "evidence": "x"}
    closing = {"agent": "a", "disposition": "reached"}
    with TestClient(server.create(app, Hints(broker)), headers=headers) as rival:
        answers = [
            rival.get(f"{API}/people/c-1"),
            rival.post(f"{API}/people/c-1/consent", json=said),
            rival.get(f"{API}/explain/touches/{touch}"),
            rival.get(f"{API}/explain/people/c-1"),
            rival.get(f"{API}/reconcile", params={"campaign": "usage-tutorial"}),
            rival.post(f"{API}/campaigns/usage-tutorial/pause"),
            rival.post(f"{API}/campaigns/usage-tutorial/activate"),
            rival.post(f"{API}/tasks/{touch.replace('tch', 'tsk')}/close", json=closing),
            rival.get("/why", params={"q": touch}, headers=basic(theirs)),
            rival.get("/why", params={"q": "c-1"}, headers=basic(theirs)),
            rival.get("/", params={"brand": "lumen"}, headers=basic(theirs)),
        ]
        assert [a.status_code for a in answers] == [404] * len(answers)
        empty = [
            rival.get(f"{API}/touches"), rival.get(f"{API}/campaigns"), rival.get(f"{API}/tasks"),
            rival.get(f"{API}/reconcile"), rival.get("/", headers=basic(theirs)),
        ]  # fmt: skip
        assert {a.status_code for a in empty} == {200}
        told = "".join(a.text for a in [*answers, *empty])
        assert "Canary" not in told
        assert "canary" not in told
        assert rival.post(EVENTS, json=an_event(), headers=STRUCTURED).json()["accepted"] == 1
        assert rival.put(f"{API}/people/c-1", json={"name": "Other"}).status_code == 200
    assert client.get(f"{API}/people/c-1").json()["name"] == "Canary Example"
    assert client.get(f"{API}/explain/people/c-1").text == before


def test_the_log_tells_routes_and_neither_keys_nor_persons(
    client: TestClient, app: Outreach, brand: BrandRef, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the client's own log
    client.get(f"{API}/people/canary-ref")
    client.get("/u/canary-token")
    client.get("/why?q=canary-q", headers=basic(key))
    client.get("/canary-path")
    assert "/people/{ref:path} 404" in caplog.text
    assert "GET /u/{token} 404" in caplog.text
    assert "GET - 404" in caplog.text
    assert "canary" not in caplog.text
    assert key not in caplog.text
