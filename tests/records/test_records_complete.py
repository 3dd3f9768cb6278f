"""When is everything there that was ordered, and is it said once?"""

from datetime import datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.events.model import Event
from outreach.records.complete import Line, Order, Parcel, completed_at
from tests import builders as b
from tests.records import building as r

EARLY, LATE = r.hours_ago(5), r.hours_ago(2)
ARRIVED, LATER = Parcel("P-1", EARLY), Parcel("P-2", LATE)
UNDER_WAY, SENT_BACK = Parcel("P-3"), Parcel("P-4", None, LATE)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(Order("O", state="paid"), None, id="nothing was sent"),
        pytest.param(Order("O", state="paid", parcels=[ARRIVED]), EARLY, id="all that we know of"),
        pytest.param(Order("O", parcels=[ARRIVED]), None, id="only the carrier named it"),
        pytest.param(Order("O", expected=1, parcels=[ARRIVED]), EARLY, id="as many as announced"),
        pytest.param(Order("O", state="paid", parcels=[ARRIVED, LATER]), LATE, id="the last"),
        pytest.param(Order("O", state="paid", parcels=[ARRIVED, UNDER_WAY]), None, id="coming"),
        pytest.param(Order("O", expected=2, parcels=[ARRIVED]), None, id="one more was announced"),
        pytest.param(Order("O", expected=2, parcels=[ARRIVED, SENT_BACK]), EARLY, id="sent back"),
        pytest.param(Order("O", state="paid", parcels=[SENT_BACK]), None, id="nothing came"),
        pytest.param(Order("O", state="cancelled", parcels=[ARRIVED]), None, id="called off"),
        pytest.param(Order("O", state="refunded", parcels=[ARRIVED]), None, id="paid back"),
        pytest.param(Order("O", confirmed_at=LATE), LATE, id="the buyer says so"),
    ],
)  # fmt: skip
def test_an_order_is_complete_when_nothing_is_to_come(
    order: Order, expected: datetime | None
) -> None:
    assert completed_at(order) == expected


def test_a_line_that_was_cancelled_is_not_waited_for() -> None:
    """Two lines in two parcels were announced; the second line was taken out before it was sent."""
    lines = [Line("P-1"), Line("P-2", "cancelled")]
    assert completed_at(Order("O", state="paid", parcels=[ARRIVED], lines=lines)) == EARLY
    lines = [Line("P-1"), Line("P-2")]
    assert completed_at(Order("O", state="paid", parcels=[ARRIVED], lines=lines)) is None


_INSTANT = st.one_of(st.none(), st.sampled_from([EARLY, LATE]))
_PARCELS = st.lists(st.builds(Parcel, st.text("ab", min_size=1), _INSTANT, _INSTANT), max_size=4)


@given(parcels=_PARCELS, expected=st.integers(0, 4))
def test_nothing_is_complete_while_a_parcel_is_on_its_way(
    parcels: list[Parcel], expected: int
) -> None:
    """And what is complete became so when a parcel was delivered."""
    at = completed_at(Order("O", state="paid", expected=expected, parcels=parcels))
    if at is not None:
        assert all(parcel.over for parcel in parcels)
        assert at in {parcel.delivered_at for parcel in parcels}


def story(brand: BrandRef) -> list[Event]:
    """An order of two parcels, of which the second came three hours later."""
    return [
        r.an_event("order.placed", r.hours_ago(9), brand=brand, order="O-1", parcels=2),
        r.an_event("parcel.delivered", EARLY, brand=brand, order="O-1", parcel="P-1"),
        r.an_event("parcel.delivered", LATE, brand=brand, order="O-1", parcel="P-2"),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_split_parcels_make_one_complete_order(
    app: Outreach, brand: BrandRef, order: tuple[int, ...]
) -> None:
    """Said once, as of the last delivery, in all six orders of hearing of it, and told twice."""
    events = story(brand)
    for index in (*order, *order):
        r.tell(app, brand, events[index])
    assert r.derived(app, brand) == [("order.complete:O-1", "c-1", LATE)]


def test_a_parcel_that_comes_late_does_not_make_it_complete_again(
    app: Outreach, brand: BrandRef
) -> None:
    """Nobody had announced it. While it is on its way the order is not complete; it is not said
    again when it arrives."""
    r.tell(app, brand, *story(brand))
    r.tell(app, brand, r.an_event("parcel.shipped", LATE, brand=brand, order="O-1", parcel="P-9"))
    assert "'completed_at': None" in r.rows(app, brand)["orders"][0]
    arrived = r.an_event("parcel.delivered", b.NOON, brand=brand, parcel="P-9")
    r.tell(app, brand, arrived)
    assert f"'completed_at': '{b.NOON.isoformat()}'" in r.rows(app, brand)["orders"][0]
    assert r.derived(app, brand) == [("order.complete:O-1", "c-1", LATE)]


def test_a_campaign_begins_once_when_an_order_is_complete(app: Outreach, brand: BrandRef) -> None:
    """Two parcels, one message: what a trigger on deliveries would have sent twice."""
    b.a_person(app, brand, r.PERSON)
    b.a_live_campaign(app, brand, trigger={"event": "order.complete"})
    for event in story(brand):
        b.accepted(app, brand, event)
    b.accepted(app, brand)
    assert [state for _, state, _ in b.fates(app, brand)] == ["planned"]


def test_what_is_concluded_is_counted_as_ours(app: Outreach, brand: BrandRef) -> None:
    """The shop's account stays what the shop has sent."""
    r.tell(app, brand, *story(brand))
    with app.means.database.begin(brand) as tx:
        found = tx.execute(text("select source, accepted from outreach.intake order by source"))
        assert [tuple(row) for row in found] == [("outreach", 1), ("shop", 3)]
