"""In which zone do these coordinates lie?

Borders of zones are some 50 MB, so the package that holds them is an extra: `outreach[places]`. It
looks them up offline; coordinates leave the machine nowhere.
"""

import re
from functools import lru_cache
from importlib import import_module
from typing import Protocol

from outreach.errors import Invalid
from outreach.hours.model import Coordinates

WRITTEN = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")
NORTH, EAST = 90, 180


class _Finder(Protocol):
    def timezone_at(self, *, lng: float, lat: float) -> str | None: ...


def read(text: str) -> Coordinates:
    """Degrees north and east from `30.42,-87.21`. Raises `Invalid` for anything else."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise Invalid(f"{text!r} is no pair of degrees north and east such as 30.42,-87.21")
    north, east = float(found[1]), float(found[2])
    if abs(north) > NORTH or abs(east) > EAST:
        raise Invalid(f"{text!r} lies beyond the poles or the date line")
    return Coordinates(north, east)


def zone_at(where: Coordinates) -> str | None:
    """The zone of a point; `None` on the open sea.

    Raises `Invalid`, saying what to install, where the extra is missing.
    """
    return _finder().timezone_at(lng=where.east, lat=where.north)


def zone_of(text: str) -> str | None:
    """The zone of a point written as `30.42,-87.21`; raises `Invalid` as those two do."""
    return zone_at(read(text))


@lru_cache(maxsize=1)
def _finder() -> _Finder:
    try:
        package = import_module("timezonefinder")
    except ImportError as error:
        raise Invalid(
            "coordinates need the borders of zones, which are not installed: "
            "pip install 'outreach[places]'"
        ) from error
    finder: _Finder = package.TimezoneFinder()
    return finder
