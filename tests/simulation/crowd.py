"""Who lives in the simulated world, and what are they told?"""

from collections.abc import Sequence

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.hours import coordinates
from outreach.people import reading as people_reading
from outreach.people import store as people
from outreach.people.model import Person
from tests import builders as b

PEOPLE = 10


def settle_in(app: Outreach, brand: BrandRef, *, size: int = PEOPLE) -> list[Person]:
    """Two of them share a telephone; one in three is told of two parcels."""
    known = [
        people_reading.read(
            {
                "ref": f"{brand.key}-{n}", "name": "Ada Example", "locale": "en", "country": "PT",
                "email": f"{brand.key}-{n}@customers.example", "phone": f"+35121000{max(n, 1):04}",
            },
            brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of,
        )
        for n in range(size)
    ]  # fmt: skip
    with app.means.database.begin(brand) as tx:
        people.put(tx, brand, known)
    return known


def tell(app: Outreach, brand: BrandRef, known: Sequence[Person]) -> int:
    """Everybody by text, every second one by mail too; answers how many touches that makes."""
    b.a_text(app, brand, "note", "It is there, {{ person.first_name }}.")
    for channel, event in (("sms", "parcel.delivered"), ("email", "order.paid")):
        step = b.a_step(channels=[channel], template="note")
        b.a_live_campaign(app, brand, f"by-{channel}", trigger={"event": event}, steps=[step])
    parcels = [(p, n) for at, p in enumerate(known) for n in range(1 + (at % 3 == 0))]
    for _ in range(2):  # a shop that is not sure whether it was heard says it again
        delivered = [b.an_event(app, brand, p, parcel=f"{p.ref}-{n}") for p, n in parcels]
        paid = [b.an_event(app, brand, p, "order.paid", order=p.ref) for p in known[::2]]
        b.accepted(app, brand, *delivered, *paid)
    return len(delivered) + len(paid)
