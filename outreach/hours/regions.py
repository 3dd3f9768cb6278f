"""Which zones and which law go with a country, a subdivision or an area code?

Answered from `regions/*.yaml` and, for whole countries, from the packaged tz database. The names of
parts are also those that the holiday calendars know.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import holidays
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from outreach.hours import zones


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AreaZones(_Strict):
    """Area codes whose subscribers live in these zones, and why the metadata is not enough."""

    codes: tuple[str, ...]
    zones: tuple[str, ...]
    note: str


class NumberingPlan(_Strict):
    """What `nanp.yaml` holds about numbers under +1."""

    zones: tuple[AreaZones, ...]
    toll_free: frozenset[str]
    jurisdictions: Mapping[str, frozenset[str]]
    """Area codes by the state or province that they serve."""


class Regions(_Strict):
    """What `regions.yaml` holds; the file explains each key."""

    spellings: Mapping[str, str]
    unofficial: frozenset[str]
    mobile_everywhere: frozenset[str]
    territories: Mapping[str, tuple[str, ...]]
    subdivision_spellings: Mapping[str, Mapping[str, str]]
    subdivisions: Mapping[str, Mapping[str, tuple[str, ...]]]
    postcodes: Mapping[str, Mapping[str, str]]


class Parts(_Strict):
    """What `parts.yaml` holds about parts of countries; the file explains each key."""

    zones: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: Mapping[str, Mapping[str, tuple[str, ...]]]
    postcodes: Mapping[str, Mapping[str, tuple[str, ...]]]


def _document(name: str) -> object:
    text = files("outreach.hours").joinpath("regions", name).read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


@lru_cache(maxsize=1)
def regions() -> Regions:
    """The table of countries and subdivisions."""
    return Regions.model_validate(_document("regions.yaml"))


@lru_cache(maxsize=1)
def numbering_plan() -> NumberingPlan:
    """The table of North American area codes."""
    return NumberingPlan.model_validate(_document("nanp.yaml"))


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The table of parts with their zones, names and ranges of postcodes."""
    return Parts.model_validate(_document("parts.yaml"))


@lru_cache(maxsize=512)
def _zones_by_part(country: str) -> Mapping[str, tuple[str, ...]]:
    return {**regions().subdivisions.get(country, {}), **parts().zones.get(country, {})}


def zones_of_country(country: str) -> tuple[str, ...]:
    """Every official zone of a country; customary clocks count only when declared."""
    return tuple(z for z in zones.zones_of(country) if z not in regions().unofficial)


def zones_of(jurisdiction: str) -> tuple[str, ...]:
    """Every zone of a country (`US`) or subdivision (`US-FL`), the country's when it has no row."""
    country, _, part = jurisdiction.partition("-")
    return _zones_by_part(country).get(part) or zones_of_country(country)


def jurisdictions_of(country: str) -> tuple[str, ...]:
    """Whose rules hold in a country: its own, or for `RE` those of `FR` and `FR-974`."""
    return regions().territories.get(country, (country,))


def country_named(text: str | None) -> str | None:
    """An ISO 3166-1 code as people write it, in capitals and with the usual slips mended."""
    code = (text or "").strip().upper()
    return regions().spellings.get(code, code) or None


def subdivision_named(country: str, text: str | None) -> str | None:
    """The subdivision behind `FL`, `us-fl`, `RE` or `Florida`; `None` for an unknown one."""
    if country in regions().territories or not text:
        return None  # a territory's own code already says which part of the larger country it is
    code = text.strip().upper().removeprefix(f"{country}-")
    code = regions().subdivision_spellings.get(country, {}).get(code, code)
    listed = _zones_by_part(country)
    if code in listed:
        return code
    return _codes_by_name(country).get(_folded(text)) or (code if code and not listed else None)


@lru_cache(maxsize=512)
def _codes_by_name(country: str) -> Mapping[str, str]:
    """Codes by folded name; a name that several parts have stands for none of them."""
    told = [(name, code) for code, names in _names(country) for name in names]
    codes: dict[str, set[str]] = {}
    for name, code in told:
        codes.setdefault(_folded(name), set()).add(code)
    return {name: min(found) for name, found in codes.items() if len(found) == 1}


def _names(country: str) -> Iterator[tuple[str, Iterable[str]]]:
    yield from parts().names.get(country, {}).items()
    try:
        calendar = holidays.country_holidays(country)
    except NotImplementedError:
        return  # there is no calendar of that country, and so no names beside our own
    yield from calendar.get_subdivision_aliases().items()


def _folded(name: str) -> str:
    """A name without case, accents, spaces and hyphens."""
    spread = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in spread if sign.isalnum()).casefold()


def subdivision_of_postcode(country: str, postcode: str | None) -> str | None:
    """The subdivision to which a postcode belongs, by its longest listed beginning or its range."""
    starts = regions().postcodes.get(country, {})
    text = (postcode or "").strip().upper()
    fitting = [start for start in starts if text.startswith(start)]
    return starts[max(fitting, key=len)] if fitting else _part_in_range(country, text)


def _part_in_range(country: str, text: str) -> str | None:
    for part, ranges in parts().postcodes.get(country, {}).items():
        for written in ranges:
            first, _, last = written.partition("-")
            if text[: len(first)].isdecimal() and first <= text[: len(first)] <= (last or first):
                return part
    return None
