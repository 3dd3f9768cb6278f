"""What do these conditions look at: which history and how far back, which records and days?"""

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
    for source, back in (need for one in asked for leaf in _leaves(one) for need in _needs(leaf)):
        furthest[source] = max(back, furthest.get(source, timedelta()))
    return furthest


def records(*asked: object) -> frozenset[str]:
    """The kinds of records that are asked for: keys of `catalogue.RECORDS`."""
    roots = {path.partition(".")[0] for path in _singles(*asked)}
    return frozenset(roots & catalogue.RECORDS.keys())


def days(*asked: object) -> frozenset[str]:
    """The days of persons' own that are asked for, such as `person.birthday`."""
    return frozenset(path for path in _singles(*asked) if catalogue.is_day(path))


def _needs(leaf: Clause | Tally) -> Iterator[tuple[str, timedelta]]:
    if isinstance(leaf, Tally) and not leaf.single:
        yield leaf.source, EVER if leaf.within is None else leaf.within
        return
    path = leaf.of if isinstance(leaf, Tally) else leaf.field
    if source := catalogue.LAST.get(path.partition(".")[0]):
        yield source, EVER


def _singles(*asked: object) -> Iterator[str]:
    """The fields that are asked for one by one."""
    paths = (_single(leaf) for one in asked for leaf in _leaves(one))
    return (path for path in paths if path is not None)


def _single(leaf: Clause | Tally) -> str | None:
    if isinstance(leaf, Clause):
        return leaf.field
    return leaf.of if leaf.single else None


def _leaves(part: object) -> Iterator[Clause | Tally]:
    """The leaves anywhere in this, but for those inside a tally."""
    if isinstance(part, Clause | Tally):
        yield part
        return
    for inner in _inside(part):
        yield from _leaves(inner)


def _inside(part: object) -> Iterator[object]:
    if isinstance(part, Mapping):
        yield from part.values()
    elif isinstance(part, tuple):
        yield from part
    elif is_dataclass(part):
        yield from (getattr(part, one.name) for one in parts_of(part))
