"""Whose are the zones, and what is their offset when?"""

from bisect import bisect_left
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from outreach.errors import Misconfigured
from outreach.timezones import load, names, version

__all__ = ["load", "names", "version"]

OLDEST = "2026f"
"""The first release with the changes of 2026; an older one is an hour wrong.

Vancouver, Edmonton and Winnipeg keep one time all year, Casablanca and El Aaiún keep UTC, Havana
keeps its summer time.
"""

DAY = 86_400
"""Seconds."""

NO_PLACE = frozenset(
    "CET CST6CDT EET EST EST5EDT HST MET MST MST7MDT PST8PDT WET".split()  # noqa: SIM905
)
"""Abbreviations that today point at a city (EST at Panama) but were never chosen to mean it."""


class Piece(NamedTuple):
    """A stretch of UTC seconds, end exclusive, during which a zone keeps one offset in seconds."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    text = files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line.startswith("L "))
    return {alias: target for _, target, alias in rows}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    # zone.tab and not zone1970.tab: the latter merges what has agreed since 1970, so that a person
    # in Dubai would fall under the French law of Réunion.
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@lru_cache(maxsize=1024)
def canonical(name: str) -> str:
    """The name that zone.tab uses (`Asia/Kolkata` for `Asia/Calcutta`), else the name itself."""
    if name in _countries():
        return name
    target = _links().get(name, name)
    return target if target in _countries() and name not in NO_PLACE else name


def country_of(name: str) -> str | None:
    """The country that a zone stands for; `None` for `UTC`, `Etc/…` and abbreviations."""
    return _countries().get(canonical(name))


@lru_cache(maxsize=512)
def zones_of(country: str) -> tuple[str, ...]:
    """All zones of a country, by ISO 3166-1 alpha-2; empty when the code is unknown."""
    return tuple(name for name, code in _countries().items() if code == country)


def refuse_stale(release: str) -> None:
    """Raises `Misconfigured` for a tz database that does not know the changes of 2026."""
    if release < OLDEST:
        raise Misconfigured(
            f"the packaged time zones are of {release}, and clocks were changed since; install "
            f"tzdata of {OLDEST} or later: pip install --upgrade tzdata"
        )


def offset(name: str, instant: int) -> int:
    """Seconds east of UTC that a zone keeps at a POSIX timestamp."""
    east = datetime.fromtimestamp(instant, tz=UTC).astimezone(load(name)).utcoffset()
    return int(east.total_seconds()) if east is not None else 0


@lru_cache(maxsize=1 << 16)
def pieces(name: str, utc_day: int) -> tuple[Piece, ...]:
    """One UTC day (days since 1970) cut where the zone changes its clocks.

    No zone changes them twice within a day, so equal offsets at both ends mean no change.
    """
    low, high = utc_day * DAY, (utc_day + 1) * DAY
    before, after = offset(name, low), offset(name, high - 1)
    if before == after:
        return (Piece(low, high, before),)
    later = range(low, high)
    change = later[bisect_left(later, True, key=lambda at: offset(name, at) == after)]
    return (Piece(low, change, before), Piece(change, high, after))
