"""Does the API tell what was said about contact, and take do-not-contact lists in?"""

from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b

PEOPLE = "/api/v1/people"
LISTS = "/api/v1/lists"
DAY = {"as_of": "2026-03-01"}


def test_what_was_said_about_a_person_is_told_in_order_and_masked(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    b.a_person(app, brand, "shop/1", email="one@customers.example", phone=None)
    person = f"{PEOPLE}/shop%2F1/consent"
    grant = {"action": "grant", "evidence": "form 7", "purpose": "survey", "kinds": ["express"]}
    client.post(person, json=grant)
    client.post(person, json={"action": "withdraw", "evidence": "call 8", "how": "disposition"})
    got = client.get(f"{person}/history")
    assert [(one["action"], one["how"], one["kinds"]) for one in got.json()] == [
        ("grant", "api", ["express"]), ("withdraw", "disposition", None),
    ]  # fmt: skip
    assert {one["address"] for one in got.json()} == {"o•••@customers.example"}
    assert "one@customers.example" not in got.text
    assert client.get(f"{PEOPLE}/nobody/consent/history").status_code == 404


def test_a_list_comes_in_and_blocks_whoever_is_on_it(
    app: Outreach, client: TestClient, brand: BrandRef
) -> None:
    b.a_person(app, brand, "c-1", email="one@customers.example", phone=None)
    body = b"one@customers.example\ntwo@customers.example\n"
    said = client.post(f"{LISTS}/own list", content=body, params=DAY)
    assert said.json() == {
        "list": "own list", "listed": 2, "clear": 0, "refused": 0, "first_refusals": [],
    }  # fmt: skip
    [held] = client.get(LISTS).json()
    assert (held["list"], held["of"], held["counts"]) == ("own list", brand.key, "always")
    answers = client.get(f"{PEOPLE}/c-1/consent").json()
    assert {one["reason"] for one in answers} == {"blocked"}


def test_a_list_that_cannot_be_read_is_refused_whole_with_its_line(
    client: TestClient, brand: BrandRef
) -> None:
    """Nothing of it holds, and the one before it stands."""
    for body, told in (
        (b"nobody\n", "nothing is listed"),
        (b"one@x.example\nnobody\n", "line 2"),
        (b"one@x.example\n\xff\n", "line 2"),
    ):
        said = client.post(f"{LISTS}/own list", content=body, params=DAY)
        assert (said.status_code, told in said.text) == (422, True), said.text
    assert client.post(f"{LISTS}/own list", content=b"one@x.example").status_code == 422
    assert client.get(LISTS).json() == []
