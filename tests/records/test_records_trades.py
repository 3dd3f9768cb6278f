"""Is a carrier's event known to belong to its order?"""

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from tests import builders as b
from tests.records import building as r

SHIPPED, ARRIVED = r.hours_ago(5), r.hours_ago(1)
REFUND = [{"event": "order.refunded", "same": "order"}]


@pytest.mark.parametrize(("refunded", "state"), [("17", "cancelled"), ("18", "planned")])
def test_the_refund_of_its_order_ends_what_a_parcel_began(
    app: Outreach, brand: BrandRef, refunded: str, state: str
) -> None:
    """Though the carrier named the parcel only; the refund of another order ends nothing."""
    b.a_person(app, brand, r.PERSON)
    b.a_live_campaign(app, brand, exits=REFUND)
    b.accepted(app, brand, r.an_event("order.placed", r.hours_ago(9), brand=brand, order=17))
    b.accepted(
        app,
        brand,
        r.an_event("parcel.shipped", r.hours_ago(5), brand=brand, parcel="P-1", order=17),
    )
    b.accepted(
        app,
        brand,
        r.an_event("parcel.delivered", r.hours_ago(1), subject=None, brand=brand, parcel="P-1"),
    )
    b.accepted(app, brand, r.an_event("order.refunded", brand=brand, order=refunded))
    assert [fate[1] for fate in b.fates(app, brand)] == [state]


def test_a_refund_that_came_first_keeps_it_from_beginning(app: Outreach, brand: BrandRef) -> None:
    """Told late: the delivery was before the refund, and is heard of after it."""
    b.a_person(app, brand, r.PERSON)
    b.a_live_campaign(app, brand, exits=REFUND)
    b.accepted(
        app,
        brand,
        r.an_event("parcel.shipped", r.hours_ago(5), brand=brand, parcel="P-1", order="O-1"),
    )
    b.accepted(app, brand, r.an_event("order.refunded", brand=brand, order="O-1"))
    b.accepted(
        app,
        brand,
        r.an_event("parcel.delivered", r.hours_ago(1), subject=None, brand=brand, parcel="P-1"),
    )
    assert b.fates(app, brand) == []
