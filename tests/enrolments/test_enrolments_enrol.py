"""What do new events begin and end, in a real database?"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.enrolments.enrol import enrol
from outreach.events.model import Event
from tests import builders as b
from tests.waiting import wait_until

_BRANDS = count(1)
REFUND = [{"event": "order.refunded", "same": "order"}]
TO_COME = [b.a_step(after="2 d")]


@pytest.fixture
def app(shared_app: Outreach) -> Outreach:
    return shared_app


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"enrol-{next(_BRANDS)}")


def take_in(app: Outreach, brand: BrandRef, *events: Event) -> None:
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, events, source="shop", refused=0, now=b.NOON)


def enrolled(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return enrol(tx, app.means.book, brand, now=b.NOON)


def passages(app: Outreach, brand: BrandRef) -> Sequence[tuple[str, str | None]]:
    with app.means.database.begin(brand) as tx:
        rows = tx.execute(
            text("select state::text, reason from outreach.enrolments order by created_at, id")
        )
        return [(row.state, row.reason) for row in rows]


def test_a_batch_of_events_begins_their_passages(app: Outreach, brand: BrandRef) -> None:
    """Every event of every person, planned once; nothing is pending afterwards."""
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(3)]
    take_in(app, brand, *(b.an_event(app, brand, p, parcel=f"P-{p.ref}") for p in people))
    assert enrolled(app, brand) == 3
    assert enrolled(app, brand) == 0
    assert b.fates(app, brand) == [("email", "planned", None)] * 3


def test_once_per_person_holds_within_one_batch(app: Outreach, brand: BrandRef) -> None:
    """Two parcels of one person signed for in the same minute begin one passage."""
    b.a_live_campaign(app, brand, trigger={"event": "parcel.delivered", "once_per": "person"})
    person = b.a_person(app, brand)
    take_in(app, brand, *(b.an_event(app, brand, person, parcel=key) for key in ("P-1", "P-2")))
    enrolled(app, brand)
    assert b.fates(app, brand) == [("email", "planned", None)]
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-3"))
    assert len(b.fates(app, brand)) == 1


def test_a_new_version_does_not_repeat_what_an_old_one_began(
    app: Outreach, brand: BrandRef
) -> None:
    """The key of a passage names the campaign and not its version."""
    b.a_live_campaign(app, brand)
    event = b.an_event(app, brand, b.a_person(app, brand))
    b.accepted(app, brand, event)
    b.a_live_campaign(app, brand, priority=90)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.events set state = 'pending'"))
    assert enrolled(app, brand) == 1
    assert len(b.fates(app, brand)) == 1


def test_what_does_not_begin_is_kept_with_its_reason(app: Outreach, brand: BrandRef) -> None:
    """Whoever was left out is a candidate too."""
    b.a_live_campaign(app, brand, holdout=1.0)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    assert passages(app, brand) == [("declined", "holdout")]
    assert b.fates(app, brand) == []


@pytest.mark.parametrize("batches", [1, 2])
@pytest.mark.parametrize("refund_first", [True, False])
def test_a_refund_ends_the_passage_in_whatever_order_it_is_told(
    app: Outreach, brand: BrandRef, batches: int, *, refund_first: bool
) -> None:
    """Before or after the delivery it follows, in one batch with it or in another."""
    b.a_live_campaign(app, brand, steps=TO_COME, exits=REFUND)
    person = b.a_person(app, brand)
    delivery = b.an_event(app, brand, person, at=b.NOON - timedelta(hours=3))
    refund = b.an_event(app, brand, person, "order.refunded", at=b.NOON)
    told = [refund, delivery] if refund_first else [delivery, refund]
    for some in [told] if batches == 1 else [[one] for one in told]:
        b.accepted(app, brand, *some)
    states = {state for _, state, _ in b.fates(app, brand)}
    assert states <= {"cancelled"}
    assert passages(app, brand) in (
        [("declined", "already_ended")],
        [("ended", "exit:order.refunded")],
    )


def test_another_orders_refund_ends_nothing(app: Outreach, brand: BrandRef) -> None:
    """The exit says: of the same order."""
    b.a_live_campaign(app, brand, steps=TO_COME, exits=REFUND)
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, at=b.NOON - timedelta(hours=3)))
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded", order="O-2"))
    assert b.fates(app, brand) == [("email", "planned", None)]


@pytest.mark.parametrize("stands", ["paused", "finishing"])
def test_an_exit_ends_passages_of_versions_that_take_nobody_in(
    app: Outreach, brand: BrandRef, stands: str
) -> None:
    """One that is paused, and one whose successor has no exit at all."""
    b.a_live_campaign(app, brand, steps=TO_COME, exits=REFUND)
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, at=b.NOON - timedelta(hours=3)))
    if stands == "paused":
        with app.means.database.begin(brand) as tx:
            campaigns.pause(tx, app.means.book, "reminder")
    else:
        b.a_live_campaign(app, brand, steps=TO_COME)
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))
    assert b.fates(app, brand) == [("email", "cancelled", "exit:order.refunded")]


def test_an_exit_takes_a_touch_out_of_a_workers_hands(app: Outreach, brand: BrandRef) -> None:
    """A claim is no send yet: the fence goes up, and the worker's next word is not heard."""
    b.a_live_campaign(app, brand, exits=REFUND)
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person, at=b.NOON - timedelta(hours=3)))
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.touches set state = 'claimed', fence = 1"))
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))
    assert b.fates(app, brand) == [("email", "cancelled", "exit:order.refunded")]
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select fence from outreach.touches")).scalar_one() == 2


def test_two_workers_share_a_heap_of_events_without_a_word(app: Outreach, brand: BrandRef) -> None:
    """Each event is planned by one of them, and persons with several events break nothing."""
    b.a_live_campaign(app, brand, steps=TO_COME, exits=REFUND)
    people = [b.a_person(app, brand) for _ in range(20)]
    take_in(
        app,
        brand,
        *(
            b.an_event(app, brand, person, parcel=f"P-{person.ref}-{number}")
            for number in range(10)
            for person in people
        ),
    )
    with ThreadPoolExecutor(4) as pool:
        while any(list(pool.map(lambda _: enrolled(app, brand), range(4)))):
            pass
    assert len(b.fates(app, brand)) == 200


def test_a_refund_that_another_worker_holds_at_the_same_time_is_heeded(
    app: Outreach, brand: BrandRef
) -> None:
    """Whoever holds the person finishes first; the other's events wait, and see what it began."""
    b.a_live_campaign(app, brand, steps=TO_COME, exits=REFUND)
    person = b.a_person(app, brand)
    take_in(app, brand, b.an_event(app, brand, person, at=b.NOON - timedelta(hours=3)))
    with app.means.database.begin(brand) as tx:
        enrol(tx, app.means.book, brand, now=b.NOON)
        take_in(app, brand, b.an_event(app, brand, person, "order.refunded"))
        assert enrolled(app, brand) == 0
    wait_until(lambda: enrolled(app, brand))
    assert b.fates(app, brand) == [("email", "cancelled", "exit:order.refunded")]


def test_a_paused_campaign_takes_nobody_in(app: Outreach, brand: BrandRef) -> None:
    """Until it is activated again; what it has begun stays where it is."""
    b.a_live_campaign(app, brand)
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person))
    with app.means.database.begin(brand) as tx:
        campaigns.pause(tx, app.means.book, "reminder")
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-2"))
    assert len(b.fates(app, brand)) == 1
    with app.means.database.begin(brand) as tx:
        campaigns.activate(tx, app.means.book, "reminder", now=b.NOON)
    b.accepted(app, brand, b.an_event(app, brand, person, parcel="P-3"))
    assert len(b.fates(app, brand)) == 2
