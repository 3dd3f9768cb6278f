"""When may we contact this person?

The front door of the room: rules of the place, then the next instant that they admit. A rule that
begins or ends between now and then is heeded on the days, in each zone, on which it holds.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from optout.model import Channel, Purpose
from outreach.hours import zones as tz
from outreach.hours.model import Admission, Place, Rule
from outreach.hours.packs import Packs
from outreach.hours.window import HORIZON_DAYS, next_open

A_DAY = timedelta(days=1)


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
    clocked = Channel.SMS if bound and channel is Channel.EMAIL else channel
    rules = packs.rules_between(
        place,
        channel=clocked,
        purpose=purpose,
        first=(at - 2 * A_DAY).date(),
        last=(at + (HORIZON_DAYS + 3) * A_DAY).date(),
    )
    answer = next_open(rules, place.zones, at=at, margin=margin)
    seen = (answer.next_at or at, at)
    return replace(answer, rules=_in_force(packs, place, clocked, purpose, seen))


def _in_force(
    packs: Packs, place: Place, channel: Channel, purpose: Purpose, instants: tuple[datetime, ...]
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
