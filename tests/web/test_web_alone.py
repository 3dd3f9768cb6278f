"""Are events that come one a request stored together, each as if it had come by itself?"""

from datetime import datetime

import pytest
from dramatiq.brokers.stub import StubBroker
from fastapi.testclient import TestClient
from sqlalchemy import text

from outreach.access import keys
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Forbidden
from outreach.events.model import Refusal
from outreach.hints import Hints
from outreach.web.alone import Alone, Together
from outreach.web.auth import Door
from tests import builders
from tests.web.requests import EVENTS, STRUCTURED, an_event

ACCOUNT = text("select source, accepted, already_seen, refused from outreach.intake order by 1")


@pytest.fixture
def together(app: Outreach, broker: StubBroker) -> Together:
    return Together(Door(app, Hints(broker)))


def accounts(app: Outreach, brand: BrandRef) -> list[tuple[object, ...]]:
    with app.means.database.begin(brand) as tx:
        return [tuple(row) for row in tx.execute(ACCOUNT)]


def test_each_of_a_group_has_the_answer_that_it_would_have_alone(
    together: Together, app: Outreach, brand: BrandRef, key: str, broker: StubBroker
) -> None:
    mine = keys.parts(key)[1]
    came = [
        Alone(mine, an_event("P-1")),
        Alone("no secret of ours", an_event("P-2")),
        Alone(mine, an_event("P-3", source="carrier")),
        Alone(mine, an_event("P-4", type="parcel.lost")),
        Alone(mine, an_event("P-1", source="carrier")),
    ]
    first, wrong, second, refused, again = together.carry("lumen", came)
    assert (first, second, again) == (True, True, False)
    assert isinstance(wrong, Forbidden)
    assert isinstance(refused, Refusal)
    assert refused.code == "unknown-type"
    assert accounts(app, brand) == [("carrier", 1, 1, 0), ("shop", 1, 0, 1)]
    assert broker.queues["events"].qsize() == 1


def test_a_wrong_key_stores_nothing_and_counts_nothing(
    together: Together, app: Outreach, brand: BrandRef, key: str
) -> None:
    for called in ("lumen", "nobody"):
        answers = together.carry(called, [Alone("no secret of ours", an_event())])
        assert isinstance(answers[0], Forbidden)
    assert accounts(app, brand) == []


def test_a_key_of_another_brand_is_no_key_here(
    together: Together, app: Outreach, brand: BrandRef, key: str
) -> None:
    builders.a_brand(app, "nordic")
    answers = together.carry("nordic", [Alone(keys.parts(key)[1], an_event())])
    assert isinstance(answers[0], Forbidden)


def test_a_revoked_key_ends_at_once(client: TestClient, app: Outreach, brand: BrandRef) -> None:
    assert client.post(EVENTS, json=an_event("P-1"), headers=STRUCTURED).status_code == 202
    now: datetime = app.means.clock()
    with app.means.database.begin(brand) as tx:
        keys.revoke(tx, keys.every(tx)[0].id, now=now)
    answer = client.post(EVENTS, json=an_event("P-2"), headers=STRUCTURED)
    assert answer.status_code == 401
    assert answer.json()["code"] == "forbidden"


def test_only_who_has_a_key_is_told_what_is_wrong_with_a_body(client: TestClient) -> None:
    wrong = STRUCTURED | {"Authorization": "Bearer ork.lumen.no-secret-of-ours"}
    assert client.post(EVENTS, content=b"{oops", headers=wrong).status_code == 401
    assert client.post(EVENTS, content=b"{oops", headers=STRUCTURED).status_code == 400
