"""What does a person's history come to: how many, how much, how long ago?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Context, Decimal

from outreach.campaigns import days
from outreach.campaigns.seen import Facts
from outreach.campaigns.values import amount, instant

# Wide enough for every number that JSON readers take: a sum is exact, as PostgreSQL's is.
_EXACT = Context(prec=1000)


def recent(things: Sequence[Facts], *, within: timedelta | None, now: datetime) -> Sequence[Facts]:
    """The things that have happened by now and, when asked, no longer ago than that."""
    happened = [thing for thing in things if _at(thing) <= now]
    return happened if within is None else [t for t in happened if _at(t) > now - within]


def value(asked: str, found: Sequence[object], *, now: datetime) -> object:
    """What these values of one field come to, oldest first; None where nothing is to be said."""
    return _VALUES[asked](found, now)


def days_ago(at: object, now: datetime) -> int | None:
    """Whole days of 24 hours since that instant; None when it is none."""
    return days.between(instant(at), now)


def _at(thing: Facts) -> datetime:
    at = instant(thing["at"])
    if at is None:
        raise ValueError(f"a thing of the history has no instant: {thing['at']!r}")
    return at


def _sum(found: Sequence[object], _: datetime) -> Decimal:
    total = Decimal(0)
    for number in map(amount, found):
        total = total if number is None else _EXACT.add(total, number)
    return total


def _days_since(found: Sequence[object], now: datetime) -> int | None:
    return min(_known(days.since(one, now) for one in found), default=None)


def _days_until(found: Sequence[object], now: datetime) -> int | None:
    return min(_known(days.until(one, now) for one in found), default=None)


def _known(found: Iterable[int | None]) -> list[int]:
    return [number for number in found if number is not None]


_VALUES: Mapping[str, Callable[[Sequence[object], datetime], object]] = {
    "count": lambda found, _: len(found),
    "sum": _sum,
    "first": lambda found, _: found[0] if found else None,
    "last": lambda found, _: found[-1] if found else None,
    "days_since": _days_since,
    "days_until": _days_until,
}
