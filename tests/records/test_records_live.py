"""Do records follow what happened, in whatever order and however often it is told?"""

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events.model import Event
from tests import builders as b
from tests.records import building as r
from tests.records.telling import TOLD, Told, events_of


def came_to(app: Outreach, brand: BrandRef, *requests: list[Event]) -> dict[str, list[str]]:
    """The records after these requests, in a transaction that is undone."""
    with app.means.database.begin(brand) as tx:
        undone = tx.begin_nested()
        for request in requests:
            intake.accept(tx, brand, request, source="shop", refused=0, now=b.NOON)
        found = r.rows_in(tx)
        undone.rollback()
    return found


@settings(max_examples=30, deadline=None)
@given(told=TOLD, data=st.data())
def test_any_order_and_repetition_of_hearing_comes_to_the_same_records(
    shared_app: Outreach, lasting: BrandRef, told: Told, data: st.DataObject
) -> None:
    """Told in one request, or one by one, shuffled and some of it twice."""
    events = events_of(lasting, told)
    again = data.draw(st.permutations([*events, *events[: len(events) // 2]]))
    cut = data.draw(st.integers(0, len(again)))
    at_once = came_to(shared_app, lasting, events)
    assert came_to(shared_app, lasting, again[:cut], *[[one] for one in again[cut:]]) == at_once
