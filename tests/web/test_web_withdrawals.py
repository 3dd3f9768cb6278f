"""Whichever way a refusal comes in: once it is answered, does nothing start any more?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.channels.protocol import Outgoing, Uncertain
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, send, wording
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import mark
from outreach.dispatch.means import Look
from outreach.dispatch.wording import Ready
from outreach.people.model import Person
from outreach.settings import Secret
from tests import builders as b

MAIL = "c-1@customers.example"
Way = Callable[[TestClient, Outgoing], int]


def by_link(client: TestClient, earlier: Outgoing) -> int:
    return client.post(urlsplit(str(earlier.unsubscribe_url)).path).status_code


def by_one_click(client: TestClient, earlier: Outgoing) -> int:
    path = urlsplit(str(earlier.unsubscribe_url)).path
    return client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code


def by_api(client: TestClient, earlier: Outgoing) -> int:
    said = {"action": "withdraw", "evidence": "ticket 7"}
    return client.post("/api/v1/people/c-1/consent", json=said).status_code


def by_block(client: TestClient, earlier: Outgoing) -> int:
    said = {"action": "block", "evidence": "ticket 7", "how": "register"}
    return client.post("/api/v1/people/c-1/consent", json=said).status_code


def by_reply(client: TestClient, earlier: Outgoing) -> int:
    said = {"id": "m-1", "from": MAIL, "text": "STOP", "channel": "email"}
    return client.post("/api/v1/replies", json=said).status_code


def by_complaint(client: TestClient, earlier: Outgoing) -> int:
    said = {"receipts": [{"reference": earlier.touch_id, "kind": "complained"}]}
    return client.post("/api/v1/receipts", json=said).status_code


def by_hard_bounce(client: TestClient, earlier: Outgoing) -> int:
    said = {"receipts": [{"reference": earlier.touch_id, "kind": "bounced_hard"}]}
    return client.post("/api/v1/receipts", json=said).status_code


def by_erasure(client: TestClient, earlier: Outgoing) -> int:
    return client.delete("/api/v1/people/c-1").status_code


WAYS = [
    by_link, by_one_click, by_api, by_block, by_reply, by_complaint, by_hard_bounce, by_erasure,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_after_the_answer_nothing_is_marked_that_was_claimed_before(
    client: TestClient, app: Outreach, brand: BrandRef, way: Way
) -> None:
    """A first mail went out; the next is claimed and worded when the refusal comes in."""
    b.a_live_campaign(app, brand, purpose="transactional")
    person = b.a_person(app, brand, "c-1", email=MAIL)
    b.accepted(app, brand, b.an_event(app, brand, person))
    send.dispatch(app.means, Look(brand, Channel.EMAIL))
    [earlier] = b.reached(app, Channel.EMAIL)
    ready = claimed(app, brand, person)
    assert len(ready) == 1
    assert way(client, earlier) == 200
    with app.means.database.begin(brand) as tx:
        assert mark(tx, app.means, brands.get(tx), ready, deadline=0) == []


def claimed(app: Outreach, brand: BrandRef, person: Person) -> list[Ready]:
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-2"))
    with app.means.database.begin(brand) as tx:
        lease = timedelta(seconds=60)
        touches = claims.claim_due(tx, channel=Channel.EMAIL, now=b.NOON, limit=9, lease=lease)
        known = brands.get(tx)
        gathered = gather(tx, app.means, known, touches, now=b.NOON)
        words = wording.collect(tx, app.means, known, touches, gathered)
    return [one for one in map(wording.fill, words) if isinstance(one, Ready)]


def test_what_is_in_doubt_is_listed_and_settled_by_name(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Once; a second word finds nothing in doubt."""
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    silent = b.through(app, Channel.EMAIL, lambda _: Uncertain("silence"))
    send.dispatch(silent.means, Look(brand, Channel.EMAIL))
    [doubt] = client.get("/api/v1/touches/doubt").json()["touches"]
    ids.read(ids.TOUCH, doubt["touch"])
    path, said = f"/api/v1/touches/{doubt['touch']}/settle", {"decision": "sent", "by": "Ops"}
    assert client.post(path, json=said).json() == {"touch": doubt["touch"], **said}
    assert client.post(path, json=said).status_code == 409
    assert client.get("/api/v1/touches/doubt").json() == {"touches": []}


def test_numbers_of_all_brands_need_a_token_of_their_own(
    client: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """Without one set they are not there; no API key opens them."""
    assert client.get("/metrics").status_code == 404
    door = client.app.state.door  # type: ignore[attr-defined]  # a FastAPI application
    opened = replace(app, settings=replace(app.settings, metrics_token=Secret("m" * 32)))
    client.app.state.door = replace(door, app=opened)  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code in {401, 403}
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {'m' * 32}"})
    assert answer.status_code == 200
    assert f'outreach_leases_run_out{{brand="{brand.key}"}} 0' in answer.text
