"""Do rows of people leave by the web only on another person's word?"""

import re

import pytest
from fastapi.testclient import TestClient

from outreach.access import keys
from outreach.app import Outreach
from outreach.audit import store as audit
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.web.conftest import Login

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
def adas(app: Outreach, brand: BrandRef, client: TestClient) -> TestClient:
    """A client that sends a key which was issued for ada."""
    with app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="letters", held_by="ada")
    client.headers["Authorization"] = f"Bearer {key}"
    return client


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


def test_a_key_fetches_what_another_than_its_user_approved(
    app: Outreach, brand: BrandRef, adas: TestClient, login: Login
) -> None:
    """It asks in the name of whoever has it; the record says by which key."""
    made = adas.post(EXPORTS, json=ASKED).json()
    assert (made["state"], made["rows"], made["by"]) == ("waiting", 2, "ada")
    at, word = f"{EXPORTS}/{made['export']}", f"/exports/{made['export']}/approve"
    assert adas.get(f"{at}/rows").status_code == 409
    ada, boss = login("ada", "admin"), login("bo", "approver")
    assert not waiting(ada)
    assert "another person decides" in sent(ada, word)
    assert "Approved" in sent(boss, word)
    assert boss.get(f"/exports/{made['export']}/rows").status_code == 403  # theirs is the word
    told = adas.get(f"{at}/rows")
    assert told.headers["content-type"] == "application/x-ndjson"
    assert told.text.count("@customers.example") == 2
    assert [adas.get(at).json()[name] for name in ("state", "decided_by")] == ["approved", "bo"]
    with app.means.database.begin(brand) as tx:
        deeds = [(one.by, one.deed.rpartition("/")[2]) for one in audit.newest(tx)]
    assert deeds == [
        ("key:letters", "rows"), ("bo", "approve"), ("ada", "approve"), ("key:letters", "rows"),
        ("key:letters", "exports"),
    ]  # fmt: skip


def test_a_key_for_nobody_takes_out_no_more_than_one_may_alone(client: TestClient) -> None:
    """Whoever approved more might be the one who asked."""
    answer = client.post(EXPORTS, json=ASKED)
    assert answer.status_code == 409
    assert "brands key --for LOGIN" in answer.json()["detail"]
    assert client.get(EXPORTS).json() == {"exports": []}


def test_a_users_keys_and_logins_share_what_they_may_alone(adas: TestClient, login: Login) -> None:
    """One of them today, by whichever door."""
    assert adas.get("/api/v1/people/c-1/export").status_code == 200
    vip = {"kind": "people", "why": "letter", "tag": "vip"}
    assert "waits for another" in sent(login("ada", "admin"), "/exports", **vip)


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
