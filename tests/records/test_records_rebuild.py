"""Does a rebuild come to the records that are there, whatever happened to them meanwhile?"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events.model import AUDIENCE, Event
from outreach.records import rebuild
from tests import builders as b
from tests.records import building as r
from tests.records.telling import TOLD, Told, events_of

LATER = b.NOON + timedelta(hours=2)


def some(brand: BrandRef) -> list[Event]:
    """Two orders with their parcels, a contract, a case and a bare event, twenty-five facts."""
    orders = [r.an_event("order.placed", r.hours_ago(9), brand=brand, order=n) for n in range(8)]
    parcels = [
        r.an_event("parcel.delivered", r.hours_ago(n), brand=brand, parcel=n, order=n)
        for n in range(8)
    ]
    return [
        *orders, *parcels,
        *(r.an_event("contract.started", brand=brand, contract=n) for n in range(4)),
        *(r.an_event("case.opened", brand=brand, case=n, opened_at="x") for n in range(4)),
        r.an_event("parcel.delivered", subject=None, brand=brand, parcel="bare"),
    ]  # fmt: skip


def rebuilt(app: Outreach, brand: BrandRef, *, limit: int = rebuild.CHUNK) -> dict[str, int]:
    with app.means.database.begin(brand) as tx:
        rebuild.begin(tx, brand, now=LATER)
    steps = 0
    while True:
        with app.means.database.begin(brand) as tx:
            if rebuild.step(tx, brand, now=LATER, limit=limit) is None:
                return rebuild.end(tx)
        steps += 1
        assert steps < 100


def forget(app: Outreach, brand: BrandRef) -> None:
    with app.means.database.begin(brand) as tx:
        for table in r.TABLES:
            tx.execute(text(f"delete from outreach.{table}"))


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_what_was_lost_comes_back_from_the_log(app: Outreach, brand: BrandRef, limit: int) -> None:
    """To the same rows, in chunks of any size, and nothing is removed."""
    r.tell(app, brand, *some(brand))
    live, said = r.rows(app, brand), r.derived(app, brand)
    forget(app, brand)
    assert sum(rebuilt(app, brand, limit=limit).values()) == 0
    assert r.rows(app, brand) == live
    assert r.derived(app, brand) == said


@settings(max_examples=30, deadline=None)
@given(told=TOLD, limit=st.integers(1, 5))
def test_a_rebuild_equals_what_was_projected_live(
    shared_app: Outreach, lasting: BrandRef, told: Told, limit: int
) -> None:
    """Whatever was told, and in whatever order."""
    with shared_app.means.database.begin(lasting) as tx:
        undone = tx.begin_nested()
        for event in events_of(lasting, told):
            intake.accept(tx, lasting, [event], source="shop", refused=0, now=b.NOON)
        live = r.rows_in(tx)
        for table in r.TABLES:
            tx.execute(text(f"delete from outreach.{table}"))
        rebuild.begin(tx, lasting, now=LATER)
        while rebuild.step(tx, lasting, now=LATER, limit=limit):
            pass
        rebuild.end(tx)
        again = r.rows_in(tx)
        undone.rollback()
    assert again == live


def test_what_no_event_bears_out_is_removed_and_wrong_values_are_mended(
    app: Outreach, brand: BrandRef
) -> None:
    r.tell(app, brand, *some(brand))
    live = r.rows(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("update outreach.parcels set state = 'eaten', projected_at = :at"), {"at": b.NOON}
        )
        tx.execute(
            text(
                "insert into outreach.cases (brand_id, person_id, key, state, projected_at) "
                "values (:brand, gen_random_uuid(), 'made up', 'open', :at)"
            ),
            {"brand": brand.id, "at": b.NOON},
        )
    assert rebuilt(app, brand)["cases"] == 1
    assert r.rows(app, brand) == live


def test_one_that_broke_off_goes_on_where_it_was(app: Outreach, brand: BrandRef) -> None:
    """And what was accepted meanwhile stays, though its place in the log had been passed."""
    r.tell(app, brand, *some(brand))
    forget(app, brand)
    with app.means.database.begin(brand) as tx:
        rebuild.begin(tx, brand, now=LATER)
        first = rebuild.step(tx, brand, now=LATER, limit=10)
    meanwhile = [r.an_event("order.paid", brand=brand, order=n) for n in range(30, 50)]
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, meanwhile, source="shop", refused=0, now=LATER)
        again = rebuild.begin(tx, brand, now=LATER + timedelta(hours=5))
    assert first is not None
    assert (again.events, again.started_at) == (10, LATER)
    assert rebuilt(app, brand)["orders"] == 0
    assert len(r.rows(app, brand)["orders"]) == 8 + 20


def test_occasions_and_other_facts_that_say_nothing_are_passed_over(
    app: Outreach, brand: BrandRef
) -> None:
    """The log holds facts of our own, of which nobody reported any."""
    r.tell(app, brand, *some(brand), r.an_event("survey.answered", brand=brand, survey="S-1"))
    live = r.rows(app, brand)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("update outreach.events set type = :occasion where type = 'survey.answered'"),
            {"occasion": AUDIENCE},
        )
    assert sum(rebuilt(app, brand).values()) == 0
    assert r.rows(app, brand) == live


def test_a_log_with_forgotten_persons_is_told_again(app: Outreach, brand: BrandRef) -> None:
    """What their events said is gone: their trades are borne out no more, a death still is."""
    gone = [
        r.an_event("order.placed", subject="c-gone", brand=brand, order="gone"),
        r.an_event("case.opened", subject="c-gone", brand=brand, case="gone", opened_at="x"),
        r.an_event("product.registered", subject="c-gone", brand=brand, product="P", serial="1"),
        r.an_event("person.deceased", subject="c-gone", brand=brand, notice="1"),
    ]
    r.tell(app, brand, *some(brand))
    live = r.rows(app, brand)
    r.tell(app, brand, *gone)
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("update outreach.events set data = '{}', subject = '' where subject = 'c-gone'")
        )
    forget(app, brand)
    rebuilt(app, brand)
    again = r.rows(app, brand)
    assert len(again["deaths"]) == 1
    assert again | {"deaths": []} == live | {"deaths": []}


def test_another_brands_records_are_left_alone(app: Outreach, brand: BrandRef) -> None:
    other = b.a_brand(app, f"beside-{brand.key}")
    r.tell(app, other, *some(other))
    live = r.rows(app, other)
    rebuilt(app, brand)
    assert r.rows(app, other) == live
