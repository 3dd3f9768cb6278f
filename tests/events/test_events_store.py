"""Is each fact kept once, and does the account of what came in add up?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events.model import Event
from outreach.events.store import Intake
from tests import builders as b


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


def taken(app: Outreach, brand: BrandRef, *events: Event, source: str = "shop") -> Intake:
    with app.means.database.begin(brand) as tx:
        return intake.accept(tx, brand, events, source=source, refused=1, now=app.means.clock())


def parcels(app: Outreach, brand: BrandRef, count: int) -> list[Event]:
    person = b.a_person(app, brand)
    return [b.an_event(app, brand, person, parcel=f"P-{number}") for number in range(count)]


def test_a_fact_is_kept_once_however_often_it_is_told(app: Outreach) -> None:
    """Within one request, across requests, and from two sources."""
    brand = b.a_brand(app, "once")
    one, other = parcels(app, brand, 2)
    assert len(taken(app, brand, one, one).new) == 1
    again = taken(app, brand, one, other, source="carrier")
    assert again.new == (other.id,)
    assert again.already_seen == 1


def test_the_account_adds_up_by_source_and_day(app: Outreach) -> None:
    """Accepted, already seen and refused are everything that was sent."""
    brand = b.a_brand(app, "account")
    one, other = parcels(app, brand, 2)
    taken(app, brand, one, one)
    taken(app, brand, one, other)
    taken(app, brand, one, source="carrier")
    taken(app, brand)
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(text("select * from outreach.intake order by source")).all()
    assert [(r.source, r.accepted, r.already_seen, r.refused) for r in rows] == [
        ("carrier", 0, 1, 1),
        ("shop", 2, 2, 3),
    ]
    assert {row.day for row in rows} == {"2026-03-10"}


def test_many_requests_with_the_same_facts_in_any_order_keep_each_once(app: Outreach) -> None:
    """Webhooks come in parallel and shuffled, and none of them breaks off over another."""
    brand = b.a_brand(app, "parallel")
    events = parcels(app, brand, 200)
    turns = [events[shift:] + events[:shift] for shift in range(0, 200, 10)]
    turns += [turn[::-1] for turn in turns]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda turn: taken(app, brand, *turn), turns))
    new = [id_ for answer in answers for id_ in answer.new]
    assert len(new) == len(set(new)) == 200
    assert sum(answer.already_seen for answer in answers) == 39 * 200
