"""Is an agent's calendar found at its secret address, and nowhere once that is revoked?"""

import pytest
from fastapi.testclient import TestClient

from outreach.app import Outreach
from outreach.callbacks import feeds, queues
from outreach.db.engine import BrandRef
from outreach.errors import NotFound

SOURCE = """
key: care
name: {en: Care}
agents:
  - {key: ana, name: Ana, zone: Europe/Lisbon, hours: {mon-fri: ["09:00-12:00"], sat-sun: []}}
"""


def test_an_address_is_secret_and_ends_when_it_is_revoked(
    stranger: TestClient, app: Outreach, brand: BrandRef
) -> None:
    """A new one ends the old one; nobody unknown gets any."""
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        queues.put(tx, brand, SOURCE, name="care", now=now)
        with pytest.raises(NotFound, match="no queue has an agent"):
            feeds.issue(tx, brand, "mallory", now=now)
        old = feeds.issue(tx, brand, "ana", now=now)
        new = feeds.issue(tx, brand, "ana", now=now)
    assert stranger.get(f"/calendar/{old}.ics").status_code == 404
    shown = stranger.get(f"/calendar/{new}.ics")
    assert shown.headers["content-type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in shown.content
    with app.means.database.begin(brand) as tx:
        assert feeds.revoke(tx, "ana", now=now) == 1
    assert stranger.get(f"/calendar/{new}.ics").status_code == 404
