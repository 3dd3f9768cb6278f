"""Do rows of people leave by the web only on another person's word?"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.audit import store as audit
from outreach.db.engine import BrandRef
from outreach.hints import Hints
from outreach.web import server
from tests import builders as b

Login = Callable[[str, str], TestClient]
EXPORTS = "/api/v1/exports"
ASKED = {"wanted": {"kind": "people"}, "why": "the yearly letter"}


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand with two people, of whom one may be taken out alone."""
    brand = b.a_brand(app, exports_alone=1)
    for ref in ("c-1", "c-2"):
        b.a_person(app, brand, ref, tags=["vip"] if ref == "c-1" else [])
    return brand


@pytest.fixture
def login(app: Outreach, brand: BrandRef, broker: StubBroker) -> Iterator[Login]:
    """A browser of a new user, whose forms stand on our own pages."""
    with ExitStack() as stack:

        def logged_in(name: str, role: str) -> TestClient:
            token = b.a_session(app, b.a_user(app, brand, name, role=role))
            headers = {"Accept": "text/html", "Origin": "https://testserver"}
            web = server.create(app, Hints(broker))
            client = TestClient(web, base_url="https://testserver", headers=headers)
            client.cookies.set("__Host-outreach", token)
            return stack.enter_context(client)

        yield logged_in


def page(client: TestClient) -> str:
    answer = client.get("/exports")
    assert answer.status_code == 200, answer.text
    return answer.text


def sent(client: TestClient, path: str, **form: str) -> str:
    """What the page says after a form was sent with its token."""
    token = re.search(r'name="csrf" value="([^"]+)"', page(client))
    assert token
    return client.post(path, data={"csrf": token[1], **form}).text


def waiting(client: TestClient) -> str:
    found = re.search(r'action="(/exports/exp_\w+)/approve"', page(client))
    return found[1] if found else ""


def test_a_key_fetches_what_a_user_approved(
    app: Outreach, brand: BrandRef, client: TestClient, login: Login
) -> None:
    """Before that it is told what is in the way; the record says who did what."""
    made = client.post(EXPORTS, json=ASKED).json()
    assert (made["state"], made["rows"], made["by"]) == ("waiting", 2, "key:tests")
    at = f"{EXPORTS}/{made['export']}"
    assert client.get(f"{at}/rows").status_code == 409
    boss = login("bo", "approver")
    assert "Approved" in sent(boss, f"/exports/{made['export']}/approve")
    assert boss.get(f"/exports/{made['export']}/rows").status_code == 403  # theirs is the word
    told = client.get(f"{at}/rows")
    assert told.headers["content-type"] == "application/x-ndjson"
    assert told.text.count("@customers.example") == 2
    assert [client.get(at).json()[name] for name in ("state", "decided_by")] == ["approved", "bo"]
    with app.means.database.begin(brand) as tx:
        deeds = [(one.by, one.deed.rpartition("/")[2]) for one in audit.newest(tx)]
    assert deeds == [
        ("key:tests", "rows"), ("bo", "approve"), ("key:tests", "rows"), ("key:tests", "exports")
    ]  # fmt: skip


def test_nobody_approves_their_own_asking(login: Login) -> None:
    """The page offers it to others alone, and who sends the form all the same is refused."""
    ana, bo = login("ana", "admin"), login("bo", "admin")
    assert "waits for another person" in sent(ana, "/exports", kind="people", why="letter")
    asked = waiting(bo)
    assert asked
    assert not waiting(ana)
    assert "another person decides" in sent(ana, f"{asked}/approve")
    assert "Refused" in sent(bo, f"{asked}/refuse")
    assert ana.get(f"{asked}/rows").status_code == 409


def test_few_rows_leave_at_once_as_a_workbook(login: Login) -> None:
    """Those with a tag; a second export of the day waits."""
    ana = login("ana", "admin")
    said = sent(ana, "/exports", kind="people", why="letter", tag="vip", country="us")
    assert "may be fetched now" in said
    [at] = set(re.findall(r'href="(/exports/exp_\w+/rows\?readers=workbook)"', said))
    assert ana.get(at).content.startswith(b"PK")
    assert "waits for another" in sent(ana, "/exports", kind="people", why="x", tag="vip")


def test_one_persons_data_count_too(client: TestClient) -> None:
    """One leaves on the key's own word; the next that day asks for another's."""
    assert client.get("/api/v1/people/c-1/export").status_code == 200
    answer = client.get("/api/v1/people/c-2/export")
    assert answer.status_code == 409
    assert "have another person approve it" in answer.json()["detail"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "people", "campaign": "x"},
        {"kind": "contacts", "condition": {"all": []}},
        {"kind": "secrets"},
        {"kind": "contacts", "campaign": "a\0b"},
        {"kind": "people", "condition": {"field": "person.name", "operator": "is", "value": "x"}},
    ],
)
def test_what_means_no_rows_is_refused(client: TestClient, wanted: dict[str, object]) -> None:
    answer = client.post(EXPORTS, json=ASKED | {"wanted": wanted})
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("role", ["marketer", "agent", "lead", "analyst", "client"])
def test_others_see_no_exports(login: Login, role: str) -> None:
    assert login("kim", role).get("/exports").status_code == 403
