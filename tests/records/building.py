"""What do tests of records build with?"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments import intake
from outreach.events import reading
from outreach.events.model import Event
from outreach.records import store
from outreach.records.kinds import KINDS
from tests import builders as b

PERSON = "c-1"
TABLES = tuple(kind.table for kind in KINDS)
_BRAND = BrandRef(1, "lumen")
_ALL = {
    kind.table: text(
        "select to_jsonb(t) - 'brand_id' - 'projected_at' || "
        f"jsonb_build_object('as_of', {store.since(kind, 't')}) as known "
        f"from outreach.{kind.table} t"
    )
    for kind in KINDS
}


def hours_ago(hours: float) -> datetime:
    return b.NOON - timedelta(hours=hours)


def an_event(
    kind: str,
    at: datetime = b.NOON,
    /,
    *,
    subject: str | None = PERSON,
    brand: BrandRef = _BRAND,
    **data: object,
) -> Event:
    """A report of a shop's; without a subject it names its trade only."""
    raw = {"type": kind, "source": "shop", "time": at.isoformat(), "data": data}
    named = raw if subject is None else raw | {"subject": subject}
    event = reading.read(named, position=0, brand=brand, now=b.NOON)
    assert isinstance(event, Event), event
    return event


def tell(app: Outreach, brand: BrandRef, *events: Event) -> None:
    """These events, accepted in one request."""
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, events, source="shop", refused=0, now=now)


def rows(app: Outreach, brand: BrandRef) -> dict[str, list[str]]:
    """All records of the brand, but for when they were written."""
    with app.means.database.begin(brand) as tx:
        return rows_in(tx)


def rows_in(tx: Connection) -> dict[str, list[str]]:
    return {
        table: sorted(str(row.known) for row in tx.execute(query)) for table, query in _ALL.items()
    }


def derived(app: Outreach, brand: BrandRef) -> list[tuple[str, str, datetime]]:
    """Key, subject and instant of every event that followed from records."""
    with app.means.database.begin(brand) as tx:
        found = tx.execute(
            text(
                "select key, subject, occurred_at from outreach.events "
                "where type = 'order.complete' order by key"
            )
        )
        return [tuple(row) for row in found]
