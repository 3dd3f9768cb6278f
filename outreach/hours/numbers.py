"""What does a phone number say about where its owner is?

As little as possible: numbers are ported and carried along, so the metadata is widened by
`regions/nanp.yaml` and believed only for kinds of numbers that belong to a place at all.
"""

from functools import lru_cache
from importlib import import_module

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from outreach.hours import regions, zones
from outreach.hours.model import Clue

NANP = 1
"""The calling code of the North American numbering plan."""

PLACED = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
EVERYWHERE = 20
"""Metadata that names this many zones only knows the calling code."""


def clue(phone: str | None, *, home: str | None = None) -> Clue | None:
    """What a number says, read as written in `home` when it has no calling code.

    `None` for numbers that cannot be read, are not assigned, or belong to no place (toll-free,
    premium, personal): they are no evidence, which is a weaker thing than a wrong one.
    """
    number = _parsed(phone, home)
    region = phonenumbers.region_code_for_number(number) if number else None
    if number is None or region is None or not _placed(number):
        return None
    said = f"number +{number.country_code} in {region}"
    return Clue(_zones(number, region), _jurisdictions(number, region), said)


def _parsed(phone: str | None, home: str | None) -> PhoneNumber | None:
    if not phone:
        return None
    try:
        return phonenumbers.parse(phone, home)
    except phonenumbers.NumberParseException:
        return None  # says nothing about a place; whether it can be dialled is the channel's matter


def _placed(number: PhoneNumber) -> bool:
    kind = phonenumbers.number_type(number)
    return kind in PLACED and _area_code(number) not in regions.numbering_plan().toll_free


def _area_code(number: PhoneNumber) -> str:
    return str(number.national_number)[:3] if number.country_code == NANP else ""


def _zones(number: PhoneNumber, region: str) -> tuple[str, ...]:
    """What is known better than the metadata, else all zones of the state, else the metadata's."""
    area = _area_code(number)
    of_states = (zone for part in _parts(area) for zone in regions.zones_of(part))
    return _widened().get(area) or tuple(dict.fromkeys(of_states)) or _from_metadata(number, region)


def _from_metadata(number: PhoneNumber, region: str) -> tuple[str, ...]:
    # Some megabytes, loaded for the first number of which nothing better is known.
    told = import_module("phonenumbers.timezone").time_zones_for_number(number)
    found = tuple(zones.canonical(zone) for zone in told if zone in zones.names())
    roams = region in regions.regions().mobile_everywhere
    if roams and phonenumbers.number_type(number) == PhoneNumberType.MOBILE:
        return tuple(dict.fromkeys((*found, *regions.zones_of_country(region))))
    return found if 0 < len(found) < EVERYWHERE else regions.zones_of_country(region)


@lru_cache(maxsize=1)
def _widened() -> dict[str, tuple[str, ...]]:
    return {code: row.zones for row in regions.numbering_plan().zones for code in row.codes}


def _jurisdictions(number: PhoneNumber, region: str) -> tuple[str, ...]:
    return (*regions.jurisdictions_of(region), *_parts(_area_code(number)))


@lru_cache(maxsize=1024)
def _parts(area: str) -> tuple[str, ...]:
    """The states or provinces that an area code serves."""
    plan = regions.numbering_plan().jurisdictions
    return tuple(part for part, codes in plan.items() if area in codes)
