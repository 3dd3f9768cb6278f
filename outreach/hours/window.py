"""From when on do all these rules admit contact, in all these zones?

Each rule's week is cut down to minutes of a local date, dates become seconds of UTC wherever the
zone puts them, and stretches are intersected. The wall clock decides, so a window that opens in
the gap of a clock change opens when the gap ends, and an hour that comes twice is judged twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce

from outreach.hours import zones as tz
from outreach.hours.calendar import is_holiday
from outreach.hours.model import MINUTES_A_DAY, Admission, Rule

HORIZON_DAYS = 400

EPOCH = date(1970, 1, 1).toordinal()

Stretches = tuple[tuple[int, int], ...]
"""Starts and ends, ends exclusive, in order: minutes of a local date, or POSIX seconds."""


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
    if at.tzinfo is None:
        raise ValueError(f"{at} does not say its offset; pass an instant in UTC")
    at = at.astimezone(UTC)
    clocks = tuple(rule for rule in rules if rule.windows is not None)
    if not clocks:
        return Admission(allowed=True, next_at=at, closes_at=None, rules=rules, zones=zones)
    found = next(_usable(clocks, zones, at, margin), None) if zones else None
    if found is None:
        return Admission(allowed=False, next_at=None, closes_at=None, rules=rules, zones=zones)
    opens, closes = found
    first = max(at, opens)
    return Admission(allowed=first == at, next_at=first, closes_at=closes, rules=rules, zones=zones)


def _usable(
    rules: tuple[Rule, ...], zones: tuple[str, ...], at: datetime, margin: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    today = int(at.timestamp()) // tz.DAY
    for start, end in _joined(rules, zones, today):
        opens, closes = _instant(start), _instant(end) - margin
        if max(opens, at) < closes:
            yield opens, closes


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _joined(
    rules: tuple[Rule, ...], zones: tuple[str, ...], today: int
) -> Iterator[tuple[int, int]]:
    """Admitted stretches from a UTC day on, joined where one ends as the next begins."""
    start = end = 0
    for day in range(today, today + HORIZON_DAYS + 1):
        for opens, closes in _everywhere(rules, zones, day):
            if opens != end:
                if start < end:
                    yield start, end
                start = opens
            end = closes
    if start < end:
        yield start, end


@lru_cache(maxsize=1 << 16)
def _everywhere(rules: tuple[Rule, ...], zones: tuple[str, ...], utc_day: int) -> Stretches:
    return reduce(intersection, (_in_zone(rules, zone, utc_day) for zone in zones))


@lru_cache(maxsize=1 << 16)
def _in_zone(rules: tuple[Rule, ...], zone: str, utc_day: int) -> Stretches:
    found = [part for piece in tz.pieces(zone, utc_day) for part in _in_piece(rules, piece)]
    return tuple(found)


def _in_piece(rules: tuple[Rule, ...], piece: tz.Piece) -> Iterator[tuple[int, int]]:
    first = (piece.start + piece.offset) // tz.DAY
    last = (piece.end - 1 + piece.offset) // tz.DAY
    for local_day in range(first, last + 1):
        midnight = local_day * tz.DAY - piece.offset
        for opens, closes in _of_date(rules, local_day):
            start = max(piece.start, midnight + opens * 60)
            end = min(piece.end, midnight + closes * 60)
            if start < end:
                yield start, end


@lru_cache(maxsize=1 << 16)
def _of_date(rules: tuple[Rule, ...], local_day: int) -> Stretches:
    """The minutes of a local date that every rule in force on it admits."""
    day = date.fromordinal(local_day + EPOCH)
    in_force = [minutes(rule, day) for rule in rules if rule.in_force(day)]
    return reduce(intersection, in_force) if in_force else ()


def minutes(rule: Rule, day: date) -> Stretches:
    """The minutes of a local date that one rule admits, yesterday's late windows included.

    A late window needs both days: it does not open on a holiday and does not run into one.
    """
    if rule.windows is None:
        return ((0, MINUTES_A_DAY),)
    if not _opens(rule, day):
        return ()
    found = [(w.opens, min(w.closes, MINUTES_A_DAY)) for w in rule.windows[day.weekday()]]
    yesterday = day - timedelta(days=1)
    late = rule.windows[yesterday.weekday()]
    if any(w.closes > MINUTES_A_DAY for w in late) and _opens(rule, yesterday):
        found += [(0, w.closes - MINUTES_A_DAY) for w in late if w.closes > MINUTES_A_DAY]
    return union(found)


def _opens(rule: Rule, day: date) -> bool:
    if not rule.in_force(day):
        return False
    return rule.holidays_allowed or not any(is_holiday(name, day) for name in rule.calendars)


def union(stretches: list[tuple[int, int]]) -> Stretches:
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
