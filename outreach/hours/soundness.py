"""Are the packs of one piece, and what in them is about to change?

An error is something that nobody can have meant: two rows of one place that disagree, a calendar
that does not exist. A note is something to know: where the house's hours stand in for want of a
row, and which rows begin, end or are over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Literal, get_args

import holidays

from optout.model import Channel
from outreach.hours import regions, zones
from outreach.hours.model import ANYWHERE, UNPLACED, Rule
from outreach.hours.pack_file import Class
from outreach.hours.packs import Packs

SOON = timedelta(days=60)

COMMUNITIES = frozenset({"EU"})
"""Jurisdictions that are no country: their rows are for the record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that counsel or an operator should know of the packs."""

    level: Literal["error", "note"]
    kind: Literal["overlap", "unknown", "dates", "gap", "begins", "ends", "ended"]
    jurisdiction: str
    rules: tuple[str, ...]
    sentence: str


def findings(packs: Packs, *, on: date) -> tuple[Finding, ...]:
    """Everything that is wrong with the packs or worth knowing on a date, errors first."""
    found = (
        *_overlaps(packs.rules),
        *_unknowns(packs),
        *(finding for rule in packs.rules for finding in _dates(rule, on)),
        *_gaps(packs, on),
    )
    return tuple(sorted(found, key=lambda finding: finding.level))


def _overlaps(rules: Iterable[Rule]) -> Iterator[Finding]:
    for one, other in combinations(rules, 2):
        if one.jurisdiction == other.jurisdiction and _disagree(one, other):
            yield Finding(
                "error",
                "overlap",
                one.jurisdiction,
                (one.id, other.id),
                f"{one.id} and {other.id} give the same contact different hours; narrow one, date "
                "it, or name the other under `beside` if both are meant to hold",
            )


def _disagree(one: Rule, other: Rule) -> bool:
    """Whether two rows of a place speak of one contact on one day, and not with one voice."""
    clocks = one.windows is not None and other.windows is not None
    different = clocks and one.windows != other.windows
    known = other.id in one.beside or one.id in other.beside
    return different and not known and _meet(one, other)


def _meet(one: Rule, other: Rule) -> bool:
    channels = set(one.channels) & set(other.channels)
    classes = "any" in (*one.purposes, *other.purposes) or set(one.purposes) & set(other.purposes)
    trades = one.sector is None or other.sector is None or one.sector == other.sector
    starts = max(one.effective_from or date.min, other.effective_from or date.min)
    ends = min(one.effective_to or date.max, other.effective_to or date.max)
    return bool(channels and classes and trades and starts <= ends)


def _unknowns(packs: Packs) -> Iterator[Finding]:
    ids = {rule.id for rule in packs.rules}
    for rule in packs.rules:
        for sentence in (*_unplaced(rule), *_uncalendared(rule), *_unreferred(rule, ids)):
            yield Finding("error", "unknown", rule.jurisdiction, (rule.id,), sentence)
    for country, named in (*packs.calendars.items(), *packs.calendars_unplaced.items()):
        for name in named:
            if not has_calendar(name):
                sentence = f"{country} names the calendar {name}, which is not there"
                yield Finding("error", "unknown", country, (), sentence)


def _unplaced(rule: Rule) -> Iterator[str]:
    if not is_place(rule.jurisdiction):
        yield f"{rule.id} is for {rule.jurisdiction}, which is no country or part of one"
    for zone in rule.also_zones:
        if zone not in zones.names():
            yield f"{rule.id} names the clock {zone}, which is not in the tz database"


def _uncalendared(rule: Rule) -> Iterator[str]:
    minded = not rule.holidays_allowed or rule.eve_windows is not None
    if not minded or rule.windows is None or rule.jurisdiction in (ANYWHERE, UNPLACED):
        return
    for name in rule.calendars or (rule.jurisdiction,):
        if not has_calendar(name):
            yield f"{rule.id} minds the holidays of {name}, of which there is no calendar"


def _unreferred(rule: Rule, ids: set[str]) -> Iterator[str]:
    for name in rule.beside:
        if name not in ids:
            yield f"{rule.id} stands beside {name}, which is not there"


def is_place(jurisdiction: str) -> bool:
    """Whether a code is a country with a zone or a part of one that calendars or zones know."""
    country, _, part = jurisdiction.partition("-")
    if jurisdiction in COMMUNITIES | {ANYWHERE, UNPLACED}:
        return True
    parts = {*regions.regions().subdivisions.get(country, {}), *_calendars().get(country, ())}
    return bool(regions.zones_of_country(country)) and (not part or part in parts)


def has_calendar(jurisdiction: str) -> bool:
    """Whether the public holidays of a country or part of one are known."""
    country, _, part = jurisdiction.partition("-")
    return country in _calendars() and (not part or part in _calendars()[country])


@lru_cache(maxsize=1)
def _calendars() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=True)


def _dates(rule: Rule, on: date) -> Iterator[Finding]:
    first, last = rule.effective_from, rule.effective_to
    if first and last and last < first:
        yield _dated("error", "dates", rule, f"ends on {last}, before it begins on {first}")
    elif last and last < on:
        yield _dated("note", "ended", rule, f"ended on {last}")
    elif first and on < first <= on + SOON:
        yield _dated("note", "begins", rule, f"begins on {first}")
    elif last and last <= on + SOON:
        yield _dated("note", "ends", rule, f"ends on {last}")


def _dated(
    level: Literal["error", "note"],
    kind: Literal["dates", "begins", "ends", "ended"],
    rule: Rule,
    said: str,
) -> Finding:
    return Finding(level, kind, rule.jurisdiction, (rule.id,), f"{rule.id} {said}")


def _gaps(packs: Packs, on: date) -> Iterator[Finding]:
    """Countries of which no row speaks of some contact; a part is bound by its country's rows."""
    nowhere = COMMUNITIES | {ANYWHERE, UNPLACED}
    countries = dict.fromkeys(rule.jurisdiction.partition("-")[0] for rule in packs.rules)
    for country in countries:
        if country not in nowhere and (cells := unspoken(packs, country, on=on)):
            sentence = f"no row of {country} speaks of {'; '.join(cells)}"
            yield Finding("note", "gap", country, (), sentence)


def unspoken(packs: Packs, country: str, *, on: date) -> list[str]:
    """The contacts of which no row speaks: the house's hours stand in, and mail has none."""
    rows = [r for r in packs.rules if r.jurisdiction == country and r.in_force(on)]
    return [
        f"{channel}: {', '.join(missing)}"
        for channel in Channel
        if (missing := [kind for kind in get_args(Class) if not _spoken(rows, channel, kind)])
    ]


def _spoken(rows: Iterable[Rule], channel: Channel, kind: str) -> bool:
    return any(
        channel in row.channels and {"any", kind} & set(row.purposes) and row.sector is None
        for row in rows
    )
