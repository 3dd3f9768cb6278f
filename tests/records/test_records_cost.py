"""What does it cost to keep records beside the event log?

`RECORDS_EVENTS=50000 python -m pytest tests/records/test_records_cost.py -s` prints it for as many
events; without it a few thousand show that nothing grows with each event.
"""

import os
import time
from collections.abc import Callable

from sqlalchemy import Connection, event

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events import store as events
from outreach.events.model import Event
from tests import builders as b
from tests.records import building as r

EVENTS = int(os.environ.get("RECORDS_EVENTS", "2000"))
BATCH = 500

Accept = Callable[[Connection, BrandRef, list[Event]], object]


def history(brand: BrandRef) -> list[Event]:
    """Orders placed, paid, sent and delivered; a case for every hundredth."""
    told: list[Event] = []
    for n in range(EVENTS // 4):
        known = {"brand": brand, "subject": f"c-{n}", "order": f"O-{n}"}
        total = {"total": "199.00", "currency": "CNY", "parcels": 1}
        told += [
            r.an_event("order.placed", r.hours_ago(9), **known, **total),
            r.an_event("order.paid", r.hours_ago(8), **known, **total),
            r.an_event("parcel.shipped", r.hours_ago(5), **known, parcel=f"P-{n}"),
            r.an_event("parcel.delivered", r.hours_ago(1), **known, parcel=f"P-{n}"),
        ]
    return told


def bare(tx: Connection, brand: BrandRef, batch: list[Event]) -> object:
    taken = events.accept(tx, brand, batch, now=b.NOON)
    events.count(tx, brand, taken, source="shop", refused=0, now=b.NOON)
    return taken


def whole(tx: Connection, brand: BrandRef, batch: list[Event]) -> object:
    return intake.accept(tx, brand, batch, source="shop", refused=0, now=b.NOON)


def span(app: Outreach, brand: BrandRef, accept: Accept) -> float:
    told = history(brand)
    begun = time.perf_counter()
    for first in range(0, len(told), BATCH):
        with app.means.database.begin(brand) as tx:
            accept(tx, brand, told[first : first + BATCH])
    return time.perf_counter() - begun


def test_the_price_of_records(app: Outreach) -> None:
    """Without and with them, in one run; printed, and no more than some times the price."""
    spans = {
        name: min(span(app, b.a_brand(app, f"{name}-{turn}"), accept) for turn in range(2))
        for name, accept in (("log-alone", bare), ("with-records", whole))
    }
    for name, seconds in spans.items():
        print(f"\n{name}: {EVENTS / seconds:,.0f} events a second", end="")  # noqa: T201
    ratio = spans["with-records"] / spans["log-alone"]
    print(f"\nratio {ratio:.2f}")  # noqa: T201
    assert ratio < 10


def test_the_statements_do_not_grow_with_the_events(app: Outreach) -> None:
    """Eight events and eight hundred cost as many."""

    def statements(brand: BrandRef, many: int) -> int:
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1

        with app.means.database.begin(brand) as tx:
            event.listen(tx, "before_cursor_execute", count)
            whole(tx, brand, history(brand)[:many])
        return seen

    few, many = (b.a_brand(app, f"few-{n}") for n in range(2))
    assert statements(few, 8) == statements(many, 800)
