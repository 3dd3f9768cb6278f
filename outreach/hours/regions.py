"""Which zones and which law go with a country, a subdivision or an area code?

Answered from `regions/*.yaml` and, for whole countries, from the packaged tz database.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

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


class Regions(_Strict):
    """What `regions.yaml` holds; the file explains each key."""

    spellings: Mapping[str, str]
    unofficial: frozenset[str]
    mobile_everywhere: frozenset[str]
    territories: Mapping[str, tuple[str, ...]]
    subdivision_spellings: Mapping[str, Mapping[str, str]]
    subdivisions: Mapping[str, Mapping[str, tuple[str, ...]]]
    postcodes: Mapping[str, Mapping[str, str]]


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


def zones_of_country(country: str) -> tuple[str, ...]:
    """Every official zone of a country; customary clocks count only when declared."""
    return tuple(z for z in zones.zones_of(country) if z not in regions().unofficial)


def zones_of(jurisdiction: str) -> tuple[str, ...]:
    """Every zone of a country (`US`) or subdivision (`US-FL`), the country's when it has no row."""
    country, _, part = jurisdiction.partition("-")
    return regions().subdivisions.get(country, {}).get(part) or zones_of_country(country)


def jurisdictions_of(country: str) -> tuple[str, ...]:
    """Whose rules hold in a country: its own, or for `RE` those of `FR` and `FR-974`."""
    return regions().territories.get(country, (country,))


def country_named(text: str | None) -> str | None:
    """An ISO 3166-1 code as people write it, in capitals and with the usual slips mended."""
    code = (text or "").strip().upper()
    return regions().spellings.get(code, code) or None


def subdivision_named(country: str, text: str | None) -> str | None:
    """The subdivision behind `FL`, `us-fl` or `RE`; `None` when it is not a known one."""
    if country in regions().territories:
        return None  # its own code already says which part of the larger country it is
    code = (text or "").strip().upper().removeprefix(f"{country}-")
    code = regions().subdivision_spellings.get(country, {}).get(code, code)
    listed = regions().subdivisions.get(country)
    return code if code and (listed is None or code in listed) else None


def subdivision_of_postcode(country: str, postcode: str | None) -> str | None:
    """The subdivision to which a postcode belongs, by its longest listed beginning."""
    starts = regions().postcodes.get(country, {})
    text = (postcode or "").strip().upper()
    fitting = [start for start in starts if text.startswith(start)]
    return starts[max(fitting, key=len)] if fitting else None
