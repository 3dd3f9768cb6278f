"""Does what was asked for leave, to who asked for it, once another person approved it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Conflict, Invalid, NotFound
from outreach.exports import asking, may
from outreach.exports.asking import Asker
from outreach.exports.model import OPEN, WAITS, Export, Wanted
from outreach.inbound import erasure
from outreach.people.model import person_id
from tests import builders as b

NOW = b.NOON
PEOPLE = Wanted(kind="people")
ANA = Asker("ana", "the yearly mailing")


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    """A brand of which two people may be taken out alone in a day, and that has three."""
    brand = b.a_brand(app, exports_alone=2)
    for ref, country in (("c-1", "US"), ("c-2", "US"), ("c-3", "PT")):
        b.a_person(app, brand, ref, country=country, subdivision="", zone="Europe/Lisbon")
    return brand


@pytest.fixture
def tx(app: Outreach, brand: BrandRef) -> Iterator[Connection]:
    with app.means.database.begin(brand) as tx:
        yield tx


@contextmanager
def refused(saying: str) -> Iterator[None]:
    with pytest.raises(Conflict, match=saying):
        yield


def asked(tx: Connection, brand: BrandRef, wanted: Wanted = PEOPLE) -> Export:
    return asking.ask(tx, brand, wanted, ANA, now=NOW)


def fetched(tx: Connection, export: Export, *, by: str = "ana", now: datetime = NOW) -> str:
    file = asking.fetch(tx, export.id, by=by, readers="machines", now=now)
    return file.content.decode()


def test_many_rows_wait_for_another_persons_word(tx: Connection, brand: BrandRef) -> None:
    """Neither who asked nor anybody else gets them before, and then only who asked."""
    export = asked(tx, brand)
    assert (export.rows, export.state(now=NOW)) == (3, "waiting")
    with refused("nobody has approved it"):
        fetched(tx, export)
    with refused("asked for it yourself"):
        asking.decide(tx, export.id, approved=True, by="ana", now=NOW)
    asking.decide(tx, export.id, approved=True, by="bo", now=NOW)
    with refused("only who asked"):
        fetched(tx, export, by="bo")
    assert fetched(tx, export).count("@customers.example") == 3
    with refused("decided about it already"):
        asking.decide(tx, export.id, approved=False, by="cy", now=NOW)
    with refused("its time is over"):
        fetched(tx, export, now=NOW + OPEN)


def test_the_database_itself_knows_nobody_who_approved_their_own(
    tx: Connection, brand: BrandRef
) -> None:
    export = asked(tx, brand)
    with pytest.raises(IntegrityError), tx.begin_nested():
        tx.execute(
            text("update outreach.exports set approved = true, decided_by = 'ana' where id = :id"),
            {"id": export.id},
        )


def test_what_leaves_is_what_was_asked_for(app: Outreach, brand: BrandRef) -> None:
    """Who came since is not among it, nor who was forgotten meanwhile."""
    with app.means.database.begin(brand) as tx:
        export = asked(tx, brand)
        asking.decide(tx, export.id, approved=True, by="bo", now=NOW)
    b.a_person(app, brand, "c-4")
    erasure.erase(app.means, brand, person_id(brand, "c-2"), evidence="asked for it")
    with app.means.database.begin(brand) as tx:
        left = fetched(tx, export)
    assert [ref for ref in ("c-1", "c-2", "c-3", "c-4") if f"{ref}," in left] == ["c-1", "c-3"]
    assert left.count("\n") == 3


def test_a_refused_export_never_leaves(tx: Connection, brand: BrandRef) -> None:
    export = asked(tx, brand)
    asking.decide(tx, export.id, approved=False, by="bo", now=NOW)
    with refused("it was refused"):
        fetched(tx, export)
    assert tx.execute(text("select count(*) from outreach.export_rows")).scalar_one() == 0


def test_few_rows_leave_alone_until_the_day_is_full(tx: Connection, brand: BrandRef) -> None:
    """Many small exports are one large one: what one person took out counts for a day."""
    here = Wanted(
        kind="people", condition={"field": "person.country", "operator": "is", "value": "PT"}
    )
    first, second = asked(tx, brand, here), asking.ask(tx, brand, here, ANA, now=NOW + OPEN / 2)
    assert fetched(tx, first).count("c-3") == 2  # the ref, and the address made of it
    assert second.alone
    third = asking.ask(tx, brand, here, ANA, now=NOW + OPEN / 2 + timedelta(minutes=1))
    assert third.state(now=third.asked_at) == "waiting"
    others = asking.ask(tx, brand, here, Asker("bo", "a look"), now=NOW)
    assert others.alone
    assert asking.ask(tx, brand, here, ANA, now=NOW + OPEN).alone  # one of the two was yesterday's


def test_one_persons_data_count_as_one(tx: Connection, brand: BrandRef) -> None:
    """Beyond the day's measure another person opens a day for it."""
    for _ in range(2):
        asking.allow(tx, brand, "person", by="ana", now=NOW)
    with refused("more than you may take out alone"):
        asking.allow(tx, brand, "person", by="ana", now=NOW)
    export = asked(tx, brand, Wanted(kind="person"))
    asking.decide(tx, export.id, approved=True, by="bo", now=NOW)
    asking.allow(tx, brand, "person", by="ana", now=NOW)
    with refused("3 people are more than you may take out alone"):
        asking.allow(tx, brand, "brand", by="ana", now=NOW)


def test_contacts_leave_by_campaign_and_day(app: Outreach, brand: BrandRef) -> None:
    """A row a contact, whom by the brand's own name, without an address."""
    b.a_live_campaign(app, brand)
    person = b.a_person(app, brand, "c-9")
    b.accepted(app, brand, b.an_event(app, brand, person))
    with app.means.database.begin(brand) as tx:
        export = asked(tx, brand, Wanted(kind="contacts"))
        none = asked(tx, brand, Wanted(kind="contacts", campaign="another"))
        left = fetched(tx, export)
    assert (export.rows, none.rows) == (1, 0)
    assert "c-9" in left
    assert "@" not in left
    assert left.startswith("touch,ref,campaign")


@pytest.mark.parametrize("why", ["", "  ", "two\nlines", "x" * 301])
def test_a_reason_is_asked_for(tx: Connection, brand: BrandRef, why: str) -> None:
    with pytest.raises(Invalid, match="say why"):
        asking.ask(tx, brand, PEOPLE, Asker("ana", why), now=NOW)


def test_nobodys_askings_pile_up(tx: Connection, brand: BrandRef) -> None:
    for number in range(20):
        asking.ask(tx, brand, PEOPLE, ANA, now=NOW + timedelta(seconds=number))
    with refused("20 exports of yours wait"):
        asking.ask(tx, brand, PEOPLE, ANA, now=NOW + timedelta(minutes=1))
    later = NOW + WAITS + timedelta(minutes=1)
    assert asking.ask(tx, brand, PEOPLE, ANA, now=later).state(now=later) == "waiting"


def test_another_brand_sees_no_export_of_this_one(app: Outreach, brand: BrandRef) -> None:
    with app.means.database.begin(brand) as tx:
        export = asked(tx, brand)
    other = b.a_brand(app, "other")
    with app.means.database.begin(other) as tx, pytest.raises(NotFound):
        asking.decide(tx, export.id, approved=True, by="bo", now=NOW)


@given(
    taken=st.integers(0, 500), rows=st.lists(st.integers(0, 300), max_size=8),
    most=st.integers(0, 400),
)  # fmt: skip
@settings(max_examples=60)
def test_no_order_of_askings_takes_more_alone_than_is_allowed(
    taken: int, rows: list[int], most: int
) -> None:
    """However they are cut, what leaves alone stays within the measure of the day."""
    before = taken
    for many in rows:
        if may.alone(many, taken=taken, most=most):
            taken += many
    assert taken <= max(before, most)
