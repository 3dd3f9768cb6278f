"""Where may this person be, as far as the hours are concerned?

A declared zone goes before an address, an address before a number. Evidence that disagrees is not
weighed: the person may be in either place, so both must admit. Adding candidates only narrows.
"""

from collections.abc import Iterable
from functools import lru_cache

from outreach.errors import Invalid
from outreach.hours import coordinates, numbers, regions, zones
from outreach.hours.model import Clue, Evidence, Place

UNKNOWN = "Etc/Unknown"
"""What Unicode's locale data says for "no zone"; it is no evidence rather than a wrong one."""


@lru_cache(maxsize=1 << 16)
def place_of(evidence: Evidence) -> Place:
    """Every zone and jurisdiction that the evidence leaves possible; unknown when it says nothing.

    Raises `Invalid` for a declared zone that is not in the tz database. An unknown country is a
    jurisdiction without a zone, and a number that cannot be read is no evidence.
    """
    country = _country(evidence)
    declared = _declared(evidence.zone)
    address = _both(_address(evidence, country), _point(_zone_of_point(evidence)))
    number = numbers.clue(evidence.phone, home=country)
    clues = [clue for clue in (declared, address, number) if clue is not None]
    return Place(
        zones=_zones(declared, address, number),
        jurisdictions=_distinct(name for clue in clues for name in clue.jurisdictions),
        evidence=tuple(clue.said for clue in clues),
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _country(evidence: Evidence) -> str | None:
    spelled, dash, _ = (evidence.subdivision or "").partition("-")
    return regions.country_named(evidence.country or (spelled if dash else None))


def _declared(zone: str | None) -> Clue | None:
    if not zone or zone == UNKNOWN:
        return None
    if zone not in zones.names():
        raise Invalid(f"{zone!r} is not a zone of the tz database; write one such as Europe/Lisbon")
    country = zones.country_of(zone)
    law = regions.jurisdictions_of(country) if country else ()
    return Clue((zones.canonical(zone),), law, f"declared zone {zone}")


def _address(evidence: Evidence, country: str | None) -> Clue | None:
    if country is None:
        return None
    part = regions.subdivision_named(country, evidence.subdivision)
    part = part or regions.subdivision_of_postcode(country, evidence.postcode)
    if part is None:
        law = regions.jurisdictions_of(country)
        return Clue(regions.zones_of_country(country), law, f"address in {country}")
    name = f"{country}-{part}"
    law = _distinct((*regions.jurisdictions_of(country), name))
    return Clue(regions.zones_of(name), law, f"address in {name}")


def _zone_of_point(evidence: Evidence) -> str | None:
    """The zone of the address's point: as it was found before, or found now."""
    if evidence.point_zone or evidence.coordinates is None:
        return evidence.point_zone
    return coordinates.zone_at(evidence.coordinates)


def _point(zone: str | None) -> Clue | None:
    country = zones.country_of(zone) if zone else None
    if zone is None or country is None:
        return None  # the open sea is no address
    return Clue((zones.canonical(zone),), regions.jurisdictions_of(country), f"a point in {zone}")


def _both(address: Clue | None, point: Clue | None) -> Clue | None:
    """An address and its point: the point where it lies in the address, and else either."""
    if address is None or point is None:
        return address or point
    inside = set(point.zones) <= set(address.zones)
    return Clue(
        point.zones if inside else _distinct((*address.zones, *point.zones)),
        _distinct((*address.jurisdictions, *point.jurisdictions)),
        f"{address.said}, {point.said}",
    )


def _zones(declared: Clue | None, address: Clue | None, number: Clue | None) -> tuple[str, ...]:
    if declared is not None:
        return declared.zones
    if address is None or number is None:
        return next((clue.zones for clue in (address, number) if clue is not None), ())
    if _agree(address, number):
        return address.zones
    return _distinct((*address.zones, *number.zones))


def _agree(address: Clue, number: Clue) -> bool:
    """Whether an owner of that number may well live at that address."""
    same_law = set(number.jurisdictions) <= set(address.jurisdictions)
    return same_law and not set(address.zones).isdisjoint(number.zones)
