"""Do records follow what happened, in whatever order and however often it is told?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events.model import Event
from tests import builders as b
from tests.records import building as r

_KINDS = st.sampled_from(
    [
        "order.placed", "order.paid", "order.cancelled", "order.refunded", "order.confirmed",
        "order.line.added", "order.line.cancelled", "parcel.shipped", "parcel.in_transit",
        "parcel.delivered", "parcel.returned", "contract.started", "contract.renewed",
        "contract.cancelled", "case.opened", "case.waiting", "case.closed", "case.reopened",
        "product.registered", "product.updated", "person.deceased", "person.alive",
    ]
)  # fmt: skip
_FEW = st.sampled_from(["1", "2"])
_DATA = st.fixed_dictionaries(
    {
        "parcel": _FEW, "case": _FEW, "product": _FEW, "line": _FEW, "serial": _FEW,
        "notice": _FEW, "version": _FEW, "status": _FEW, "term": _FEW, "opened_at": _FEW,
        "closed_at": _FEW, "waiting_at": _FEW, "reopened_at": _FEW,
    },
    optional={
        "parcels": st.integers(1, 3), "quality": st.sampled_from(["locker", "person"]),
        "total": st.sampled_from(["19.90", "5"]), "currency": st.sampled_from(["CNY", "JPY"]),
        "severity": _FEW, "lines": st.just([{"line": "1", "product": "Lamp", "parcel": "1"}]),
    },
)  # fmt: skip
_TOLD = st.lists(
    st.tuples(_KINDS, _DATA, _FEW, st.integers(0, 5), st.booleans()), min_size=1, max_size=12
)
_Told = list[tuple[str, dict[str, str], str, int, bool]]


@pytest.fixture(scope="module")
def brand(shared_app: Outreach) -> BrandRef:
    return b.a_brand(shared_app, "records-live")


def events_of(brand: BrandRef, told: _Told) -> list[Event]:
    """Each fact told in one way, since the first telling stands; a trade is one person's."""
    events = [
        r.an_event(
            kind, r.hours_ago(hours), subject=f"c-{trade}" if named else None, brand=brand,
            **data | {"order": trade, "contract": trade, "parcel": f"{trade}-{data['parcel']}"},
        )
        for kind, data, trade, hours, named in told
    ]  # fmt: skip
    return list({event.id: event for event in events}.values())


def came_to(app: Outreach, brand: BrandRef, *requests: list[Event]) -> dict[str, list[str]]:
    """The records after these requests, in a transaction that is undone."""
    with app.means.database.begin(brand) as tx:
        undone = tx.begin_nested()
        for request in requests:
            intake.accept(tx, brand, request, source="shop", refused=0, now=b.NOON)
        found = r.rows_in(tx)
        undone.rollback()
    return found


@settings(max_examples=60, deadline=None)
@given(told=_TOLD, data=st.data())
def test_any_order_and_repetition_of_hearing_comes_to_the_same_records(
    shared_app: Outreach, brand: BrandRef, told: _Told, data: st.DataObject
) -> None:
    """Told in one request, or one by one, shuffled and some of it twice."""
    events = events_of(brand, told)
    again = data.draw(st.permutations([*events, *events[: len(events) // 2]]))
    cut = data.draw(st.integers(0, len(again)))
    at_once = came_to(shared_app, brand, events)
    assert came_to(shared_app, brand, again[:cut], *[[one] for one in again[cut:]]) == at_once
