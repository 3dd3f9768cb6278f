"""Which clocks does a place keep? Asked of the packaged tz database alone.

An operating system that lags behind by one release has been an hour wrong in British Columbia,
Alberta, Manitoba and Morocco since autumn 2026. The standard library reads the system's copy first,
so nobody here makes a `ZoneInfo` by name.
"""

from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo  # noqa: TID251  # the one place where zones are made


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every zone name in the packaged database, links included."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def version() -> str:
    """The release of the packaged database, such as `2026f`."""
    with files("tzdata").joinpath("zoneinfo", "tzdata.zi").open(encoding="utf-8") as lines:
        return next(lines).split()[-1]


@lru_cache(maxsize=1024)
def load(name: str) -> ZoneInfo:
    """The rules of a zone. Raises `KeyError` for an unknown name."""
    if name not in names():
        raise KeyError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)
