"""Is whatever goes wrong told in one shape, without telling more than it should?"""

import logging
from dataclasses import replace

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach import app as application
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hints import Hints
from outreach.settings import Settings
from outreach.web import server

API = "/api/v1"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", f"{API}/nowhere", 404, "not-found"),
        ("DELETE", f"{API}/campaigns", 405, "method-not-allowed"),
        ("GET", "/static/nothing.css", 404, "not-found"),
        ("GET", "/static/../server.py", 404, "not-found"),
        ("GET", f"{API}/people/nobody", 404, "not-found"),
    ],
)
def test_every_refusal_has_one_shape(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"urn:outreach:problem:{code}"
    assert (told["code"], told["status"]) == (code, status)
    assert told["title"]
    assert told["detail"]


def test_a_browser_gets_a_page_outside_of_the_api(stranger: TestClient) -> None:
    browser = {"Accept": "text/html,*/*", "Accept-Language": "zh-CN"}
    page = stranger.get("/nowhere", headers=browser)
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    api = stranger.get(f"{API}/nowhere", headers=browser)
    assert api.headers["content-type"] == "application/problem+json"


def test_a_database_that_is_away_is_said_so(settings: Settings, broker: StubBroker) -> None:
    away = "postgresql+psycopg://nobody:canary@127.0.0.1:9/outreach"
    app = application.build(replace(settings, database_url=away))
    with TestClient(server.create(app, Hints(broker))) as client:
        key = {"Authorization": "Bearer ork.lumen.secret"}
        for answer in (
            client.get(f"{API}/health"),
            client.get(f"{API}/campaigns", headers=key),
            client.post(f"{API}/events", content=b"{}", headers=key),
        ):
            assert answer.status_code == 503
            assert answer.json()["code"] == "trouble"
            assert int(answer.headers["retry-after"]) > 0
            assert "127.0.0.1" not in answer.text
    app.close()


def test_an_error_of_ours_is_contained_and_its_text_stays_out_of_the_log(
    client: TestClient, app: Outreach, brand: BrandRef, caplog: pytest.LogCaptureFixture
) -> None:
    person = {"name": "Ada Canary"}
    assert client.put(f"{API}/people/c-1", json=person).status_code == 200
    with app.means.database.begin(brand) as tx:  # a row that we would never write
        tx.execute(text("update outreach.brands set profile = '{\"canary\": 1}'"))
    caplog.set_level(logging.INFO)
    answer = client.get(f"{API}/explain/people/c-1")
    assert answer.status_code == 500
    assert answer.json()["code"] == "unexpected"
    assert "canary" not in (answer.text + caplog.text).lower()
    assert "unexpected ValidationError at" in caplog.text
    assert "explain.py" in caplog.text


def test_every_answer_is_dressed(client: TestClient) -> None:
    for path in (f"{API}/campaigns", "/nowhere", "/static/outreach.css", "/u/x"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("no-cache" if "static" in path else "no-store")
        assert headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        assert "set-cookie" not in headers
