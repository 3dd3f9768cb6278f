"""Does anybody's name leave a trace where none belongs, whichever door of the web they came by?

Canaries come in as persons, events, replies and answers over HTTP, and a provider fails while it
has them; then PostgreSQL, Redis, what was logged and what was answered to an error are read.
"""

import json
import logging
from collections.abc import Iterator
from functools import partial

import pytest
from fastapi.testclient import TestClient

from optout.model import Channel
from outreach import hints as wake_ups
from outreach import logs, work
from outreach.access import keys
from outreach.app import Outreach
from outreach.channels.protocol import Answer, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.embedded.desk import Servers
from outreach.hints import Hints
from outreach.people.model import person_id
from outreach.reports import personal
from outreach.web import server
from tests import builders as b
from tests import dumps
from tests.web.requests import EVENTS, LINES, an_event

NAME, MAIL, NUMBER = "Girlitz", "girlitz@customers.example", "+351210007532"
CANARIES = (NAME, NUMBER[1:])
ABOUT = {"note": f"{NAME} waits below", "recipient": {"name": NAME, "phone": NUMBER}}


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand that writes to people by their names."""
    brand = b.a_brand(app)
    b.a_text(app, brand, "hello", "Good day, {{ person.name }}! {{ event.data.note }}")
    b.a_live_campaign(app, brand, steps=[b.a_step(template="hello")])
    return brand


@pytest.fixture
def client(app: Outreach, brand: BrandRef) -> Iterator[TestClient]:
    """A client with the brand's key, of a server whose hints go to the real Redis."""
    with app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="tests")
    web = server.create(app, Hints(wake_ups.open_broker(app.settings.redis_url)))
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(web, headers=headers, raise_server_exceptions=False) as client:
        yield client


def fails(one: Outgoing) -> Answer:
    """A provider's library that quotes in its error what it was given."""
    raise LookupError(f"could not write to {one.to}: {NAME}")


def everything_comes(client: TestClient) -> None:
    """One person by each way of sending persons, and of each what happened."""
    known = {"name": f"Ada {NAME}", "email": MAIL, "phone": NUMBER, "country": "US",
             "subdivision": "US-NY", "locale": "en"}  # fmt: skip
    assert client.post("/api/v1/people", json=[known | {"ref": "c-1"}]).json()["stored"] == 1
    line = json.dumps(known | {"ref": "c-2"}) + "\n" + json.dumps({"ref": "c-3", "phone": NAME})
    taken = client.post("/api/v1/people", content=line, headers=LINES).json()
    assert (taken["stored"], len(taken["refused"])) == (1, 1)
    parcel = an_event()
    parcel["data"] = ABOUT | {"parcel": "P-1", "order": "O-1", "quality": "person"}
    answered = an_event(type="survey.answered", id="a-1", subject="c-2")
    answered["data"] = {"survey": "s", "enrolment": "e", "score": 2, "comment": f"{NAME} is cross"}
    lines = "\n".join(map(json.dumps, (parcel, answered)))
    assert client.post(EVENTS, content=lines, headers=LINES).json()["accepted"] == 2
    reply = {"id": "m-1", "from": NUMBER, "text": f"who is {NAME}?", "channel": "sms"}
    assert client.post("/api/v1/replies", json=reply).status_code == 200


@pytest.mark.long
def test_no_trace_of_anybody_is_left_where_none_belongs(
    app: Outreach,
    brand: BrandRef,
    client: TestClient,
    caplog: pytest.LogCaptureFixture,
    migrated: Servers,
) -> None:
    """Neither in the stores nor in what is logged, a provider's own words included."""
    caplog.set_level(logging.DEBUG)
    everything_comes(client)
    b.accepted(app, brand)
    failing = b.through(app, Channel.EMAIL, fails).means
    work.carried_out(partial(dispatch, failing, Look(brand, Channel.EMAIL)), "a look at mails")
    b.everything_due(app)
    written = [logs.Json().format(one) for one in caplog.records if one.name.startswith("outreach")]
    assert [line for line in written if "LookupError" in line]
    assert not [line for line in written for canary in (*CANARIES, MAIL) if canary in line]
    assert dumps.holding(dumps.everything(app, migrated), *CANARIES) == set()
    kept = personal.of_person(app.means, brand, person_id(brand, "c-2"), now=app.means.clock())
    assert f"{NAME} is cross" in str(kept)  # it came, and opens with the key


def test_an_error_that_quotes_somebody_is_answered_without_them(
    app: Outreach, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong inside is told by its kind to the log, and to the caller not at all."""

    def broken(*_: object, **__: object) -> None:
        raise LookupError(f"{NAME} {NUMBER}")

    monkeypatch.setattr("outreach.web.api.people.store.by_id", broken)
    answer = client.get("/api/v1/people/c-1")
    assert answer.status_code == 500
    assert not [canary for canary in CANARIES if canary in answer.text]
