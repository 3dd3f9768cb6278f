"""When may we contact this person?

The front door of the room: rules of the place, then the next instant that they admit. A rule that
begins or ends between now and then is heeded on the days, in each zone, on which it holds. What a
day admits is worked out once per place, purpose, channel and date.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from optout.model import Channel, Purpose
from outreach.hours import window
from outreach.hours import zones as tz
from outreach.hours.model import Admission, Place, Rule
from outreach.hours.packs import Packs
from outreach.hours.window import A_DAY, HORIZON_DAYS, Outlook


def when(
    packs: Packs,
    place: Place,
    *,
    channel: Channel,
    purpose: Purpose,
    at: datetime,
    margin: timedelta = timedelta(0),
    bound: bool = False,
) -> Admission:
    """The earliest lawful instant, `at` or later, and the rules in force then.

    `bound` says that a step asks for hours on e-mail as well, which then keeps to those of SMS.
    Raises `ValueError` when `at` has no offset.
    """
    at = window.in_utc(at)
    clocked = Channel.SMS if bound and channel is Channel.EMAIL else channel
    view = _view(packs, place, clocked, purpose, window.day_of(at), margin)
    answer = window.answer(view.outlook, at, rules=view.rules, zones=place.zones)
    if view.settled:
        return answer
    seen = {at, answer.next_at or at}
    return replace(answer, rules=_in_force(packs, place, clocked, purpose, seen))


class _View(NamedTuple):
    """What a day of UTC and those after it admit at a place; no outlook where no clock binds."""

    outlook: Outlook | None
    rules: tuple[Rule, ...]
    settled: bool
    """Whether these rules are in force throughout, so that nobody has to ask again."""


@lru_cache(maxsize=1 << 16)
def _view(
    packs: Packs,
    place: Place,
    channel: Channel,
    purpose: Purpose,
    utc_day: int,
    margin: timedelta,
) -> _View:
    day = window.EPOCH + utc_day
    rules = packs.rules_between(
        place,
        channel=channel,
        purpose=purpose,
        first=date.fromordinal(day - 2),
        last=date.fromordinal(day + HORIZON_DAYS + 3),
    )
    clocks = tuple(rule for rule in rules if rule.windows is not None)
    outlook = window.ahead(clocks, place.zones, utc_day, margin) if clocks else None
    # Local dates run a day ahead of those in UTC at most, and a day behind.
    first = date.fromordinal(day - 1)
    last = max(outlook[-1][0].date() if outlook else first, date.fromordinal(day)) + A_DAY
    settled = bisect_right(packs.turns, first) == bisect_right(packs.turns, last)
    today = packs.rules_for(place, channel=channel, purpose=purpose, on=first)
    return _View(outlook, today, settled)


def _in_force(
    packs: Packs,
    place: Place,
    channel: Channel,
    purpose: Purpose,
    instants: Iterable[datetime],
) -> tuple[Rule, ...]:
    """The rules as the packs have them, on the local dates of these instants."""
    days = {
        instant.astimezone(tz.load(zone)).date()
        for instant in instants
        for zone in place.zones or ("UTC",)
    }
    found = (
        rule
        for day in sorted(days)
        for rule in packs.rules_for(place, channel=channel, purpose=purpose, on=day)
    )
    return tuple(dict.fromkeys(found))
