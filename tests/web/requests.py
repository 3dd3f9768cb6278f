"""What do tests of the web send?"""

import re

from httpx import Client, Response

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.people.model import Person
from tests import builders

STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
LINES = {"Content-Type": "application/x-ndjson"}
EVENTS = "/api/v1/events"


def an_event(parcel: str = "P-1", **changed: object) -> dict[str, object]:
    """A parcel of c-1 that was signed for at the test's noon."""
    return {
        "specversion": "1.0",
        "id": f"report-{parcel}",
        "source": "shop",
        "type": "parcel.delivered",
        "subject": "c-1",
        "time": builders.NOON.isoformat(),
        "data": {"parcel": parcel, "order": "O-1", "product": "Lumen One", "quality": "person"},
    } | changed


def a_planned_touch(app: Outreach, brand: BrandRef, ref: str = "c-1", **fields: object) -> Person:
    """A person with a parcel, and the tutorial that follows it, planned."""
    person = builders.a_person(app, brand, ref, **fields)
    builders.a_campaign(app, brand)
    builders.accepted(app, brand, builders.an_event(app, brand, person, parcel=f"P-{ref}"))
    return person


def edited(client: Client, page: str) -> str:
    """Which text the form of this page changes."""
    found = re.search(r'name="edited" value="(\w+)"', client.get(page).text)
    assert found
    return found.group(1)


def saved(client: Client, page: str, to: str = "", **form: str) -> Response:
    """What comes of the form of this page."""
    return client.post(page + to, data=form | {"edited": edited(client, page)})
