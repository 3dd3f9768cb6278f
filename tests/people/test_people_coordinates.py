"""What becomes of the coordinates of an address?"""

import pytest

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.enrolments.evidence import evidence_of
from outreach.errors import Invalid
from outreach.hours.places import place_of
from outreach.people import reading
from outreach.people import store as people
from outreach.people.model import Person
from tests import builders as b


def read(app: Outreach, brand: BrandRef, written: str) -> Person:
    """A person with these coordinates; the borders say that Pensacola keeps Chicago's time."""

    def zone_at(text: str) -> str | None:
        if text != "30.42,-87.21":
            raise Invalid(f"{text!r} is no pair of degrees")
        return "America/Chicago"

    fields = {"ref": "c-1", "country": "US", "subdivision": "US-FL", "coordinates": written}
    return reading.read(fields, brand=brand, hasher=app.means.hasher, zone_at=zone_at)


def test_coordinates_are_kept_as_their_zone(shared_app: Outreach) -> None:
    """They say which of Florida's two clocks it is, and are themselves not stored."""
    brand = b.a_brand(shared_app, "pointed")
    person = read(shared_app, brand, "30.42,-87.21")
    with shared_app.means.database.begin(brand) as tx:
        people.put(tx, brand, [person])
        kept = people.by_id(tx, [person.id])[person.id]
    assert kept.point_zone == "America/Chicago"
    place = place_of(evidence_of(kept))
    assert place.zones == ("America/Chicago",)
    assert "US-FL" in place.jurisdictions


def test_coordinates_that_are_none_are_told_with_the_field(shared_app: Outreach) -> None:
    """The line is refused, and says where and why."""
    brand = b.a_brand(shared_app, "pointless")
    with pytest.raises(Invalid) as refused:
        read(shared_app, brand, "somewhere")
    assert [problem.where for problem in refused.value.problems] == ["coordinates"]
