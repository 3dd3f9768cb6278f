"""Coordinates: an extra, and one more piece of evidence where it is installed."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from outreach.errors import Invalid
from outreach.hours import coordinates, places
from outreach.hours.model import Coordinates, Evidence
from outreach.hours.places import place_of

PENSACOLA, LISBON, AT_SEA = Coordinates(30.42, -87.21), Coordinates(38.7, -9.1), Coordinates(0, 0)
BORDERS = {PENSACOLA: "America/Chicago", LISBON: "Europe/Lisbon", AT_SEA: "Etc/GMT"}


class Finder:
    """Knows three points."""

    def timezone_at(self, *, lng: float, lat: float) -> str | None:
        return BORDERS[Coordinates(lat, lng)]


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What one test finds installed is not remembered for the next."""
    yield
    coordinates._finder.cache_clear()
    places.place_of.cache_clear()


@pytest.fixture
def borders(monkeypatch: pytest.MonkeyPatch) -> None:
    package = SimpleNamespace(TimezoneFinder=Finder)
    monkeypatch.setitem(sys.modules, "timezonefinder", package)


@pytest.mark.usefixtures("borders")
def test_a_point_narrows_the_address_in_which_it_lies():
    place = place_of(Evidence(country="US", subdivision="FL", coordinates=PENSACOLA))
    assert place.zones == ("America/Chicago",)
    assert place.jurisdictions == ("US", "US-FL")
    assert place.evidence == ("address in US-FL, a point in America/Chicago",)


@pytest.mark.usefixtures("borders")
def test_a_point_elsewhere_requires_both():
    place = place_of(Evidence(country="FR", coordinates=LISBON))
    assert place.zones == ("Europe/Paris", "Europe/Lisbon")
    assert place.jurisdictions == ("FR", "PT")


@pytest.mark.usefixtures("borders")
def test_a_point_alone_is_a_place_unless_it_is_at_sea():
    assert place_of(Evidence(coordinates=LISBON)).zones == ("Europe/Lisbon",)
    assert not place_of(Evidence(coordinates=AT_SEA)).known


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "timezonefinder", None)
    with pytest.raises(Invalid, match=r"outreach\[places\]"):
        place_of(Evidence(coordinates=LISBON))


def test_degrees_are_read_north_first():
    assert coordinates.read("30.42, -87.21") == PENSACOLA


@pytest.mark.parametrize("text", ["", "30.42", "91,0", "0,181", "north", "1;2", "1e1,2"])
def test_what_is_no_pair_of_degrees_is_refused(text):
    with pytest.raises(Invalid):
        coordinates.read(text)
