"""A passage that waits for quiet begins once, when nothing more has happened for long enough."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.campaigns import store as campaigns
from outreach.campaigns.triggers import EventTrigger
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.enrolments import quiet, under_way
from outreach.enrolments.enrol import enrol
from outreach.people.model import Person
from outreach.reports import explain
from tests import builders as b
from tests.enrolments.test_enrolments_plan import NOON, an_event

HOUR = timedelta(hours=1)
LEFT = {"event": "cart.updated", "quiet_for": "3 h", "unless": ["order.paid"]}
TRIGGER = EventTrigger("cart.updated", quiet_for=3 * HOUR, unless=("order.paid",))


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


@pytest.fixture
def person(app: Outreach, brand: BrandRef) -> Person:
    """Somebody in the reach of a campaign for baskets that were left."""
    b.a_live_campaign(app, brand, trigger=LEFT)
    return b.a_person(app, brand)


def fills(
    app: Outreach, brand: BrandRef, person: Person, at: datetime, *, cart: str = "CA-1"
) -> None:
    """Something happens to a basket at this instant, and is reported now."""
    b.accepted(
        app,
        brand,
        b.an_event(app, brand, person, "cart.updated", at, cart=cart, updated_at=at.isoformat()),
    )


def pays(app: Outreach, brand: BrandRef, person: Person, at: datetime, **about: object) -> None:
    b.accepted(app, brand, b.an_event(app, brand, person, "order.paid", at, **about))


def looked(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return enrol(tx, app.means.book, brand, now=app.means.clock())


def later(app: Outreach, brand: BrandRef, clock: SteppedClock, at: datetime) -> int:
    """Somebody looks at this instant; answers how many contacts there are then."""
    clock.step_to(at)
    looked(app, brand)
    return len(b.fates(app, brand))


def test_it_begins_when_it_was_quiet_and_once(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """The worker that waits is woken at that instant and finds nothing to do after it."""
    fills(app, brand, person, b.NOON)
    assert later(app, brand, clock, b.NOON + 2 * HOUR) == 0
    with app.means.database.begin(brand) as tx:
        [wait] = explain.person(
            tx, app.means, brands.get(tx), person.id, language="en"
        ).waits  # fmt: skip
    assert "until nothing more of cart.updated has happened" in str(wait["sentence"])
    with app.means.database.watch() as tx:
        assert due.pulse(tx, now=clock()).next_due_at == b.NOON + 3 * HOUR
    assert later(app, brand, clock, b.NOON + 3 * HOUR) == 1
    assert looked(app, brand) == 0


def test_a_change_sets_the_clock_anew(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    fills(app, brand, person, b.NOON)
    clock.step_to(b.NOON + 2 * HOUR)
    fills(app, brand, person, b.NOON + 2 * HOUR)
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 0
    assert later(app, brand, clock, b.NOON + 5 * HOUR) == 1


def test_a_change_of_another_basket_disturbs_nothing(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    fills(app, brand, person, b.NOON)
    clock.step_to(b.NOON + 2 * HOUR)
    fills(app, brand, person, b.NOON + 2 * HOUR, cart="CA-2")
    assert later(app, brand, clock, b.NOON + 3 * HOUR) == 1
    assert later(app, brand, clock, b.NOON + 5 * HOUR) == 2


def test_what_is_reported_late_counts_from_when_it_happened(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """A change before the last one sets no clock back, and none on."""
    clock.step_to(b.NOON + HOUR)
    fills(app, brand, person, b.NOON + HOUR)
    clock.step_to(b.NOON + 2 * HOUR)
    fills(app, brand, person, b.NOON)
    assert later(app, brand, clock, b.NOON + 3 * HOUR) == 0
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 1


def test_an_order_calls_it_off_and_the_reason_is_told(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    fills(app, brand, person, b.NOON)
    clock.step_to(b.NOON + HOUR)
    pays(app, brand, person, b.NOON + HOUR)
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 0
    with app.means.database.begin(brand) as tx:
        told = explain.person(tx, app.means, brands.get(tx), person.id, language="en")
    assert "already_ended" in repr(told)


def test_an_order_before_the_last_change_calls_nothing_off(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    clock.step_to(b.NOON + HOUR)
    pays(app, brand, person, b.NOON)
    fills(app, brand, person, b.NOON + HOUR)
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 1


def test_an_order_of_another_basket_calls_nothing_off(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    fills(app, brand, person, b.NOON)
    clock.step_to(b.NOON + HOUR)
    pays(app, brand, person, b.NOON + HOUR, cart="CA-9")
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 1


def test_what_happened_during_a_pause_counts_too(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    """A paused campaign takes nobody in, and yet knows that the basket was touched again."""
    fills(app, brand, person, b.NOON)
    with app.means.database.begin(brand) as tx:
        campaigns.pause(tx, app.means.book, "reminder")
    clock.step_to(b.NOON + 2 * HOUR)
    fills(app, brand, person, b.NOON + 2 * HOUR)
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 0
    assert later(app, brand, clock, b.NOON + 5 * HOUR) == 1


def test_the_end_of_a_campaign_stops_its_clocks(
    app: Outreach, brand: BrandRef, person: Person, clock: SteppedClock
) -> None:
    fills(app, brand, person, b.NOON)
    with app.means.database.begin(brand) as tx:
        under_way.end(tx, app.means.book, "reminder", now=clock())
    assert later(app, brand, clock, b.NOON + 4 * HOUR) == 0
    with app.means.database.watch() as tx:
        assert due.wanted(tx, now=clock()).pending == ()


def test_many_workers_begin_each_once(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    b.a_live_campaign(app, brand, trigger=LEFT)
    for number in range(20):
        fills(app, brand, b.a_person(app, brand), b.NOON, cart=f"CA-{number}")
    clock.step_to(b.NOON + 3 * HOUR)
    with ThreadPoolExecutor(4) as pool:
        for turn in [pool.submit(looked, app, brand) for _ in range(8)]:
            turn.result()
    while looked(app, brand):
        pass
    assert len(b.fates(app, brand)) == 20


def test_once_a_basket_however_often_it_was_quiet(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_live_campaign(app, brand, trigger=LEFT | {"once_per": "cart"})
    person = b.a_person(app, brand)
    for hours in (0, 10):
        clock.step_to(b.NOON + hours * HOUR)
        fills(app, brand, person, clock())
        later(app, brand, clock, clock() + 4 * HOUR)
    assert len(b.fates(app, brand)) == 1


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 9), max_size=3),
    st.randoms(use_true_random=False),
)
def test_in_which_order_it_was_reported_changes_nothing(
    changes: list[int], orders: list[int], random: object
) -> None:
    """It begins unless an order came at or after the last change, whatever came in first."""
    carts = [
        an_event("cart.updated", f"CA-1:{hour}", NOON + hour * HOUR, cart="CA-1")
        for hour in changes
    ]
    paid = [an_event("order.paid", f"O-{hour}", NOON + hour * HOUR) for hour in orders]
    random.shuffle(paid)  # type: ignore[attr-defined]  # hypothesis gives a Random
    last = max(carts, key=quiet.in_order)
    assert last.occurred_at == NOON + max(changes) * HOUR
    broken = quiet.broken_by(TRIGGER, last, paid)
    assert (broken is not None) == any(hour >= max(changes) for hour in orders)
