"""Which history do these conditions look at, and how far back?"""

from collections.abc import Iterator, Mapping
from dataclasses import fields as parts_of
from dataclasses import is_dataclass
from datetime import timedelta

from outreach.campaigns import catalogue
from outreach.campaigns.conditions import Clause, Tally

EVER = timedelta.max


def of(*asked: object) -> dict[str, timedelta]:
    """Each source that is named in these conditions, or in the documents that hold them.

    With how far back it is looked at, `EVER` where somebody asks for all of it.
    """
    furthest: dict[str, timedelta] = {}
    for source, back in (need for one in asked for need in _needs(one)):
        furthest[source] = max(back, furthest.get(source, timedelta()))
    return furthest


def _needs(part: object) -> Iterator[tuple[str, timedelta]]:
    if isinstance(part, Tally):
        yield part.source, EVER if part.within is None else part.within
    elif isinstance(part, Clause):
        if source := catalogue.LAST.get(part.field.partition(".")[0]):
            yield source, EVER
    else:
        for inner in _inside(part):
            yield from _needs(inner)


def _inside(part: object) -> Iterator[object]:
    if isinstance(part, Mapping):
        yield from part.values()
    elif isinstance(part, tuple):
        yield from part
    elif is_dataclass(part):
        yield from (getattr(part, one.name) for one in parts_of(part))
