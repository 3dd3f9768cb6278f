"""Do many agents at once bring every call to one end, whatever happens to some of them?"""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import text

from optout.model import Channel, Purpose
from outreach.access import keys
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments.evidence import evidence_of
from outreach.hints import EVENTS_QUEUE, Hints
from outreach.hours import judge
from outreach.hours.places import place_of
from outreach.people import store as people
from outreach.reports.reconcile import reconcile
from outreach.web import server
from tests import builders as b
from tests.callbacks.crowd import Crowd
from tests.web.conftest import TestClient

_LISBON = {"zone": "Europe/Lisbon", "country": "PT", "subdivision": ""}
_CALL = b.a_step(kind="callback", channels=["voice"], template="delivery-check-call")
_ENDS = text("""
    select k.state, k.note, count(c.*) filter (where c.disposition is null) as without_end
    from outreach.tasks k left join outreach.calls c on c.brand_id = k.brand_id and c.task_id = k.id
    group by k.id, k.state, k.note
""")
_DIALLED = text("""
    select k.person_id, c.dialled_at from outreach.calls c
    join outreach.tasks k on k.brand_id = c.brand_id and k.id = c.task_id
""")
_ENDED = text("""
    select task, count(*) as often from (
        select data ->> 'task' as task from outreach.events
        where type = 'call.ended' and (data ->> 'over')::boolean) e
    group by task having count(*) > 1
""")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    brand = b.a_brand(app, caps=[])
    b.a_live_campaign(app, brand, steps=[_CALL])
    return brand


@pytest.fixture
def crowd(app: Outreach, brand: BrandRef, clock: SteppedClock) -> Iterator[Crowd]:
    """Agents who speak to the application over its API."""
    broker = StubBroker(middleware=[])
    broker.declare_queue(EVENTS_QUEUE)
    with app.means.database.begin(brand) as tx:
        key = keys.issue(tx, brand, name="agents")
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(server.create(app, Hints(broker)), headers=headers) as client:

        def ask(path: str, body: dict[str, object]) -> tuple[int, Any]:
            answer = client.post(f"/api/v1{path}", json=body)
            return answer.status_code, answer.json()

        yield Crowd(app, brand, clock, ask)
    broker.close()


def owed(app: Outreach, brand: BrandRef, many: int) -> None:
    """So many people to whom a call is owed."""
    persons = [
        b.a_person(app, brand, f"c-{n}", phone=f"+3512100{n:05}", **_LISBON) for n in range(many)
    ]
    facts = [b.an_event(app, brand, one, parcel=f"P-{one.ref}") for one in persons]
    for at in range(0, many, 500):
        b.accepted(app, brand, *facts[at : at + 500])
    with app.means.database.begin(brand) as tx:
        pending = tx.execute(text("select count(*) from outreach.touches")).scalar_one()
    assert pending == many
    while b.fates(app, brand).count(("voice", "planned", None)):
        b.everything_due(app)


def lived(app: Outreach, brand: BrandRef, crowd: Crowd, *, agents: int, many: int) -> None:
    """Days go by until no call is left; then nothing of what must not happen has happened."""
    owed(app, brand, many)
    for _ in range(40):
        crowd.work(agents, turns=max(4, many // agents))
        if not _left(app, brand):
            break
        crowd.clock.step_to(crowd.clock() + timedelta(hours=8))
    assert crowd.wrong == []
    assert _left(app, brand) == 0
    with app.means.database.begin(brand) as tx:
        ends = tx.execute(_ENDS).all()
        assert len(ends) == many
        assert {row.state for row in ends} <= {"closed", "withdrawn"}
        assert {row.without_end for row in ends} == {0}
        assert tx.execute(_ENDED).all() == []
        assert reconcile(tx).closes
    assert outside(app, brand) == []


def _left(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        asked = "select count(*) from outreach.tasks where state in ('open', 'taken', 'ended')"
        return int(tx.execute(text(asked)).scalar_one())


def outside(app: Outreach, brand: BrandRef) -> list[object]:
    """Calls that were dialled at an instant at which the person may not be called."""
    with app.means.database.begin(brand) as tx:
        dialled = tx.execute(_DIALLED).all()
        persons = people.by_id(tx, {row.person_id for row in dialled})
    assert dialled
    return [
        row
        for row in dialled
        if not judge.when(
            app.means.packs,
            place_of(evidence_of(persons[row.person_id])),
            channel=Channel.VOICE,
            purpose=Purpose.SERVICE,
            at=row.dialled_at,
        ).allowed
    ]


def test_every_call_ends_once_whoever_vanishes(
    app: Outreach, brand: BrandRef, crowd: Crowd
) -> None:
    """Three agents, nine calls: each ends once, is held by one, and is dialled in hours."""
    lived(app, brand, crowd, agents=3, many=9)


@pytest.mark.long
def test_fifty_agents_bring_many_calls_to_an_end(
    app: Outreach, brand: BrandRef, crowd: Crowd
) -> None:
    """The same with a crowd; `CALLS=10000` lives through as many."""
    lived(app, brand, crowd, agents=50, many=int(os.environ.get("CALLS", "200")))
