"""Are persons kept as they came, and does what waited for them go on?"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.enrolments.enrol import enrol
from outreach.events import reading
from outreach.events.model import Event
from outreach.hours import coordinates
from outreach.people import reading as people_reading
from outreach.people import store as people
from outreach.people.model import Person
from tests import builders as b
from tests.waiting import wait_until


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


def unstored(app: Outreach, brand: BrandRef, **fields: object) -> Person:
    return people_reading.read(
        fields, brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of
    )


def kept(app: Outreach, brand: BrandRef, person: Person) -> Person:
    with app.means.database.begin(brand) as tx:
        return people.by_id(tx, [person.id])[person.id]


def states(app: Outreach, brand: BrandRef) -> list[str]:
    with app.means.database.begin(brand) as tx:
        return list(tx.execute(text("select state::text from outreach.events")).scalars())


def an_event_of(app: Outreach, brand: BrandRef, ref: str) -> Event:
    raw = {
        "type": "parcel.delivered", "subject": ref, "source": "shop",
        "time": app.means.clock().isoformat(), "data": {"parcel": f"P-{ref}"},
    }  # fmt: skip
    event = reading.read(raw, position=0, brand=brand, now=app.means.clock())
    assert isinstance(event, Event)
    return event


def test_a_person_comes_back_as_it_went_in(app: Outreach) -> None:
    """Every field, the addresses in order."""
    brand = b.a_brand(app, "whole")
    person = b.a_person(app, brand, zone="America/Chicago", postcode="10001", tags="vip;new")
    assert kept(app, brand, person) == person


def test_a_second_import_replaces_the_first(app: Outreach) -> None:
    """An address that is gone from the file is gone; the person keeps its id."""
    brand = b.a_brand(app, "again")
    person = b.a_person(app, brand, "c-1")
    changed = b.a_person(app, brand, "c-1", phone="", name="Ada Changed")
    assert changed.id == person.id
    assert kept(app, brand, person).name == "Ada Changed"
    assert kept(app, brand, person).address(Channel.SMS) is None


def test_of_two_lines_about_one_person_the_later_stands(app: Outreach) -> None:
    """A file may well name somebody twice."""
    brand = b.a_brand(app, "twice")
    lines = [
        unstored(app, brand, ref="c-1", name=name, email="c-1@customers.example")
        for name in ("Ada First", "Ada Second")
    ]
    with app.means.database.begin(brand) as tx:
        people.put(tx, brand, lines)
    assert kept(app, brand, lines[0]).name == "Ada Second"


def test_it_is_told_who_was_known_before(app: Outreach) -> None:
    """Only of them is there something to replace; who comes twice in one file is new."""
    brand = b.a_brand(app, "before")
    old, new = b.a_person(app, brand, "c-old"), unstored(app, brand, ref="c-new")
    with app.means.database.begin(brand) as tx:
        assert people.put(tx, brand, [new, old, new]) == [old.id]
    assert kept(app, brand, new) == new


def test_one_brand_does_not_know_the_persons_of_another(app: Outreach) -> None:
    """Not even by their id."""
    here, there = b.a_brand(app, "here"), b.a_brand(app, "there")
    person = b.a_person(app, here, "c-1")
    with app.means.database.begin(there) as tx:
        assert people.by_id(tx, [person.id]) == {}


def test_an_event_waits_for_its_person(app: Outreach) -> None:
    """What came before the person did is looked at again when it arrives."""
    brand = b.a_brand(app, "waiting")
    b.a_campaign(app, brand)
    b.accepted(app, brand, an_event_of(app, brand, "c-late"))
    assert states(app, brand) == ["unknown_person"]
    b.a_person(app, brand, "c-late")
    assert states(app, brand) == ["pending"]
    with app.means.database.begin(brand) as tx:
        enrol(tx, app.means.book, brand, now=app.means.clock())
        assert tx.execute(text("select count(*) from outreach.touches")).scalar_one() == 2


def test_a_person_who_arrives_while_one_looks_for_it_is_not_missed(app: Outreach) -> None:
    """The worker that found nobody has not said so yet when the person is stored."""
    brand = b.a_brand(app, "meanwhile")
    with app.means.database.begin(brand) as tx:
        intake.accept(
            tx, brand, [an_event_of(app, brand, "c-now")],
            source="shop", refused=0, now=app.means.clock(),
        )  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        with app.means.database.begin(brand) as tx:
            enrol(tx, app.means.book, brand, now=app.means.clock())
            arriving = pool.submit(b.a_person, app, brand, "c-now")
            wait_until(lambda: arriving.done() or somebody_waits(app))
        arriving.result()
    assert states(app, brand) == ["pending"]


def somebody_waits(app: Outreach) -> bool:
    waiting = text("""
        select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()
    """)
    with app.means.database.engine.begin() as tx:
        return bool(tx.execute(waiting).scalar_one())
