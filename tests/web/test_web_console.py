"""Is what surrounds the console's screens safe, small, in the language and colours chosen?"""

import base64
import gzip
from collections.abc import Iterator

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.hints import Hints
from outreach.web import server
from outreach.web.console import choices, navigation, shell

OURS = {"Origin": "http://testserver"}


@pytest.fixture
def browser(app: Outreach, broker: StubBroker, key: str) -> Iterator[TestClient]:
    given = base64.b64encode(f"anybody:{key}".encode()).decode()
    headers = {"Authorization": f"Basic {given}", "Accept": "text/html"}
    web = server.create(app, Hints(broker))
    with TestClient(web, headers=headers, follow_redirects=False) as client:
        yield client


def test_language_and_colours_are_kept_in_cookies(browser: TestClient) -> None:
    given = {"back": "/why?q=c-1", "language": "zh-CN", "theme": "dark"}
    answer = browser.post("/choices", data=given, headers=OURS)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/why?q=c-1"
    page = browser.get("/").text
    assert '<html lang="zh-CN" data-bs-theme="dark">' in page
    browser.post("/choices", data={"theme": "auto"}, headers=OURS)
    assert '<html lang="zh-CN">' in browser.get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", **OURS}, {"Sec-Fetch-Site": "same-site", **OURS},
        {"Sec-Fetch-Site": "none"},
    ],
)  # fmt: skip
def test_a_form_from_elsewhere_changes_nothing(
    browser: TestClient, headers: dict[str, str]
) -> None:
    answer = browser.post("/choices", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "javascript:1",
     "/a\nb", "/\u3000x", ""],
)  # fmt: skip
def test_going_back_never_leads_elsewhere(path: str) -> None:
    assert choices.local(path) == "/"


def test_what_was_done_is_said_in_our_own_words_alone(browser: TestClient) -> None:
    for query in ("done=<b>you won</b>&many=3", "done=pause", f"done=pause&waiting={'9' * 5000}"):
        assert 'role="status"' not in browser.get(f"/?{query}").text


def test_the_policy_lets_nothing_in_line_run(browser: TestClient) -> None:
    policy = browser.get("/").headers["content-security-policy"]
    assert policy == shell.POLICY
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_first_view_is_small(browser: TestClient) -> None:
    """With everything that it loads, below 300 kB, and far below as it travels."""
    parts = [
        browser.get(path).content
        for path in (
            "/", "/static/console.css", "/static/console.js",
            "/static/vendor/bootstrap/css/bootstrap.min.css",
        )
    ]  # fmt: skip
    assert sum(map(len, parts)) < 300_000
    assert sum(len(gzip.compress(part)) for part in parts) < 60_000


@pytest.mark.parametrize(
    ("path", "word"),
    [("/", "today"), ("/why", "why"), ("/whynot", "today"), ("/nowhere/x", "today")],
)
def test_a_path_belongs_to_the_screen_that_begins_it(path: str, word: str) -> None:
    place = navigation.here(path)
    assert place
    assert place.word == word


@pytest.mark.parametrize("query", ["done=settled&name=1", "done=settled&self=1&say=2"])
def test_an_address_that_somebody_else_made_opens_the_page(console: TestClient, query: str) -> None:
    assert console.get(f"/?{query}").status_code == 200


def test_nothing_is_called_by_a_nul(console: TestClient) -> None:
    """PostgreSQL reads no text that holds one."""
    assert console.get("/campaigns/%00").status_code == 404
    for query in ("unsent?campaign=a%00b", "why?%00=1", "lead?card=x&card=%00"):
        assert console.get(f"/{query}").status_code == 422
    assert console.get("/unsent?campaign=%2500").status_code == 200  # a name, however strange
