"""From when on do all these rules admit contact, in all these zones?

Each rule's week is cut down to minutes of a local date, dates become seconds of UTC wherever the
zone puts them, and stretches are intersected. The wall clock decides, so a window that opens in
the gap of a clock change opens when the gap ends, and an hour that comes twice is judged twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce

from outreach.hours import calendar, closures
from outreach.hours import zones as tz
from outreach.hours.model import MINUTES_A_DAY, Admission, Rule, Window

HORIZON_DAYS = 400

EPOCH = date(1970, 1, 1).toordinal()

Stretches = tuple[tuple[int, int], ...]
"""Starts and ends, ends exclusive, in order: minutes of a local date, or POSIX seconds."""

WHOLE_DAY: Stretches = ((0, MINUTES_A_DAY),)


@dataclass(frozen=True, eq=False, slots=True)
class _Clocks:
    """Rules that are asked together: one object of its own for each set, so that it hashes fast."""

    rules: tuple[Rule, ...]
    named: tuple[tuple["_Clocks", str], ...] = ()
    """Each rule that names clocks, alone, with such a clock."""


Outlook = tuple[tuple[datetime, datetime], ...]
"""Openings and closings in UTC, closings exclusive and less the margin, in order."""

A_DAY = timedelta(days=1)


def next_open(
    rules: tuple[Rule, ...],
    zones: tuple[str, ...],
    *,
    at: datetime,
    margin: timedelta = timedelta(0),
) -> Admission:
    """The earliest instant, `at` or later, that every rule admits on the clock of every zone.

    `margin` takes so much off the end of each stretch. Rules with a clock and no zone admit
    nothing; without any clock everything is admitted. Days on which none of the rules is in force
    count as closed. Raises `ValueError` when `at` has no offset.
    """
    at = in_utc(at)
    clocks = tuple(rule for rule in rules if rule.windows is not None)
    seen = ahead(clocks, zones, day_of(at), margin) if clocks else None
    return answer(seen, at, rules=rules, zones=zones)


def answer(
    outlook: Outlook | None, at: datetime, *, rules: tuple[Rule, ...], zones: tuple[str, ...]
) -> Admission:
    """What the outlook of a day says of one of its instants; `None` says that no clock binds."""
    if outlook is None:
        return Admission(allowed=True, next_at=at, closes_at=None, rules=rules, zones=zones)
    for opens, closes in outlook:
        if at < closes:
            first = max(at, opens)
            return Admission(first == at, next_at=first, closes_at=closes, rules=rules, zones=zones)
    return Admission(allowed=False, next_at=None, closes_at=None, rules=rules, zones=zones)


def in_utc(at: datetime) -> datetime:
    """The instant in UTC. Raises `ValueError` when it has no offset."""
    if at.tzinfo is None:
        raise ValueError(f"{at} does not say its offset; pass an instant in UTC")
    return at.astimezone(UTC)


def day_of(at: datetime) -> int:
    """The day of an instant in UTC, counted from 1970."""
    return at.toordinal() - EPOCH


@lru_cache(maxsize=1 << 16)
def ahead(
    rules: tuple[Rule, ...], zones: tuple[str, ...], utc_day: int, margin: timedelta
) -> Outlook:
    """What is admitted from a UTC day on, as far as the first stretch that outlasts that day.

    One such outlook answers for every instant of its day, so that a million judgements cost as
    many computations as there are places, days and kinds of contact. Nothing is admitted nowhere.
    """
    ends = _instant((utc_day + 1) * tz.DAY)
    found: list[tuple[datetime, datetime]] = []
    for start, end in _joined(_clocks(rules), zones, utc_day) if zones else ():
        opens, closes = _instant(start), _instant(end) - margin
        if opens < closes:
            found.append((opens, closes))
        if closes >= ends:
            break
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _clocks(rules: tuple[Rule, ...]) -> _Clocks:
    named = [(_Clocks((rule,)), zone) for rule in rules for zone in rule.also_zones]
    return _Clocks(rules, tuple(named))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _joined(clocks: _Clocks, zones: tuple[str, ...], today: int) -> Iterator[tuple[int, int]]:
    """Admitted stretches from a UTC day on, joined where one ends as the next begins."""
    start = end = 0
    for day in range(today, today + HORIZON_DAYS + 1):
        for opens, closes in _everywhere(clocks, zones, day):
            if opens != end:
                if start < end:
                    yield start, end
                start = opens
            end = closes
    if start < end:
        yield start, _followed(clocks, zones, start, end)


def _followed(clocks: _Clocks, zones: tuple[str, ...], start: int, end: int) -> int:
    """Where a stretch ends that outlasts the days looked at: as many days on from its own opening.

    So its end is the same on whatever day one asks.
    """
    for day in range(end // tz.DAY, start // tz.DAY + HORIZON_DAYS + 1):
        admitted = _everywhere(clocks, zones, day)
        if not admitted or admitted[0][0] != end:
            break
        end = admitted[0][1]
    return end


@lru_cache(maxsize=1 << 16)
def _everywhere(clocks: _Clocks, zones: tuple[str, ...], utc_day: int) -> Stretches:
    found = [_in_zone(clocks, zone, utc_day, ()) for zone in zones]
    # A rule that is not yet in force says nothing on the clock that it names.
    found += [_in_zone(alone, zone, utc_day, WHOLE_DAY) for alone, zone in clocks.named]
    return reduce(intersection, found)


@lru_cache(maxsize=1 << 16)
def _in_zone(clocks: _Clocks, zone: str, utc_day: int, silence: Stretches) -> Stretches:
    return union(
        part for piece in tz.pieces(zone, utc_day) for part in _in_piece(clocks, piece, silence)
    )


def _in_piece(clocks: _Clocks, piece: tz.Piece, silence: Stretches) -> Iterator[tuple[int, int]]:
    first = (piece.start + piece.offset) // tz.DAY
    last = (piece.end - 1 + piece.offset) // tz.DAY
    for local_day in range(first, last + 1):
        midnight = local_day * tz.DAY - piece.offset
        for opens, closes in _of_date(clocks, local_day, silence):
            start = max(piece.start, midnight + opens * 60)
            end = min(piece.end, midnight + closes * 60)
            if start < end:
                yield start, end


@lru_cache(maxsize=1 << 16)
def _of_date(clocks: _Clocks, local_day: int, silence: Stretches) -> Stretches:
    """The minutes of a local date that every rule in force on it admits; `silence` without any."""
    day = date.fromordinal(local_day + EPOCH)
    in_force = [minutes(rule, day) for rule in clocks.rules if rule.in_force(day)]
    return reduce(intersection, in_force) if in_force else silence


def minutes(rule: Rule, day: date) -> Stretches:
    """The minutes of a local date that one rule admits, yesterday's late windows included.

    A late window needs both days: it does not open on a holiday and does not run into one.
    """
    if rule.windows is None:
        return WHOLE_DAY
    if not _opens(rule, day):
        return ()
    found = [(opens, min(closes, MINUTES_A_DAY)) for opens, closes in _windows(rule, day)]
    late = [w for w in _windows(rule, day - A_DAY) if w[1] > MINUTES_A_DAY]
    if late and _opens(rule, day - A_DAY):
        found += [(0, closes - MINUTES_A_DAY) for _, closes in late]
    return union(found)


def _windows(rule: Rule, day: date) -> Stretches:
    """What a rule writes for a date, with its own words for eves and for Ramadan.

    Where it is in doubt whether the date is one, the usual windows and the special ones must admit.
    """
    usual = union(rule.windows[day.weekday()]) if rule.windows else ()
    if not usual:
        return ()
    special = [(windows, sure) for windows, sure in _special(rule, day) if sure is not False]
    kept = [] if any(sure for _, sure in special) else [usual]
    return reduce(intersection, [union(windows) for windows, _ in special] + kept)


def _special(rule: Rule, day: date) -> Iterator[tuple[tuple[Window, ...], bool | None]]:
    if rule.eve_windows is not None:
        yield rule.eve_windows, _holiday(rule, day + A_DAY)
    if rule.ramadan_windows is not None:
        yield rule.ramadan_windows, calendar.ramadan(day)


def _opens(rule: Rule, day: date) -> bool:
    return rule.in_force(day) and (rule.holidays_allowed or _holiday(rule, day) is False)


def _holiday(rule: Rule, day: date) -> bool | None:
    """Whether a date is a holiday to a rule; `None` while nobody has said yet."""
    said = {calendar.holiday(name, day) for name in rule.calendars}
    if closures.closed(rule.closed_on, day) or True in said:
        return True
    return None if None in said else False


def union(stretches: Iterable[tuple[int, int]]) -> Stretches:
    """Stretches in order, overlapping and touching ones made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def intersection(one: Stretches, other: Stretches) -> Stretches:
    """What two ordered rows of stretches have in common."""
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)
