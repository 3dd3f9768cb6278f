"""Does a client firm see its own brand and nobody in it?"""

import json

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.inbound import cases
from outreach.inbound.cases import Raised
from outreach.reports import samples, today
from outreach.web import cookies
from tests import builders as b
from tests.web.requests import a_planned_touch

FIRST, LAST, ORDER = "Wilhelmina", "Featherstone", "ORDER-4711"


@pytest.fixture
def client_of(app: Outreach, brand: BrandRef, stranger: TestClient) -> TestClient:
    """A browser of somebody at the firm that owns the brand."""
    session = b.a_session(app, b.a_user(app, brand, role="client"))
    stranger.cookies.set(f"__Host-{cookies.SESSION}", session)
    return stranger


def told(app: Outreach, brand: BrandRef, key: str, subject: str) -> None:
    """A mail that names everything that a person might be known by."""
    text = "{{ person.name }} {{ event.data.order }} {{ event.data.product }} "
    b.a_text(app, brand, key, text + "{{ links.unsubscribe }} " + subject)
    b.a_live_campaign(app, brand, f"to-{key}", steps=[b.a_step(template=key)])
    person = b.a_person(app, brand, "c-secret", name=f"{FIRST} {LAST}")
    b.accepted(app, brand, b.an_event(app, brand, person, order=ORDER))
    b.everything_due(app)
    cases.raise_case(app.means, brand, person.id, Raised("damage", "ana", f"{LAST} is angry"))


def test_messages_are_shown_and_their_people_veiled(
    client_of: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Numbers, complaints and words are there; names, orders, addresses and links are not."""
    told(app, brand, "news", "bring it back")
    page = client_of.get("/portal").text
    assert "W••• O••• Lumen One" in page
    assert "bring it back" in page
    assert "Something arrived damaged" in page or "damage" in page.lower()
    for hidden in (FIRST, LAST, ORDER, "c-secret", "customers.example", "/u/", "angry"):
        assert hidden not in page


def test_a_count_that_was_ended_says_so(
    client_of: TestClient,
    app: Outreach,
    brand: BrandRef,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_planned_touch(app, brand)
    assert "there is more" not in client_of.get("/portal").text
    monkeypatch.setattr(today, "MOST", 1)
    assert "counted up to 1 of each kind; there is more" in client_of.get("/portal").text


def test_a_client_sees_nothing_of_another_brand(
    client_of: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Neither in numbers nor in words, nor by asking for it."""
    rival = b.a_brand(app, "rival")
    told(app, rival, "rivals-news", "only for rivals")
    for path in ("/portal", "/reports", "/planned"):
        page = client_of.get(path).text
        assert "rival" not in page, path
    for path in ("/portal?brand=rival", "/reports/page?brand=rival"):
        assert client_of.get(path, headers={"Accept": "text/html"}).status_code == 404
    assert client_of.get("/people").status_code == 403


def test_what_an_event_tells_is_veiled_but_for_things() -> None:
    """However deep it lies."""
    data = {"product": "Lumen One", "gift": {"to": ["Ada", {"product": "Kettle"}]}, "total": 12}
    veiled = samples._veiled(data, lambda text: "•")
    assert json.dumps(veiled, ensure_ascii=False) == json.dumps(
        {"product": "Lumen One", "gift": {"to": ["•", {"product": "Kettle"}]}, "total": 12},
        ensure_ascii=False,
    )
