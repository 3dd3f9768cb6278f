"""What does a test of the gate judge? Facts of which everything speaks for sending."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from optout.model import Channel, Decision, Purpose, Reason
from outreach.dispatch.model import Attempted, Facts, Limit, Named, Rival, Silence, Touch
from outreach.hours.model import Admission, Place
from tests.builders import NOON

NEW_YORK = Place(("America/New_York",), ("US", "US-NY"), ("address in US-NY",))
NOWHERE = Place((), (), ())
OPEN = Admission(allowed=True, next_at=NOON, closes_at=None, rules=(), zones=NEW_YORK.zones)
YES = Decision(allowed=True, reason=Reason.CONTRACT, entry=None, sentence="nobody objected")
EVERY_CHANNEL, EVERY_PURPOSE = tuple(Channel), tuple(Purpose)


def a_touch(number: int = 1, **changes: object) -> Touch:
    """A text message of service that is due and useful for a day."""
    touch = Touch(
        id=UUID(int=number), enrolment_id=UUID(int=9), campaign_id=UUID(int=8),
        person_id=UUID(int=7), step=0, channel=Channel.SMS, purpose=Purpose.SERVICE, priority=50,
        state="claimed", fence=1, planned_for=NOON, due_at=NOON,
        useless_after=NOON + timedelta(days=1), reason=None,
    )  # fmt: skip
    return replace(touch, **changes)  # type: ignore[arg-type]  # whatever a test is about


def facts(**changes: object) -> Facts:
    """Facts to which no check objects, but for what the test changes."""
    known = Facts(
        touch=a_touch(), now=NOON, campaign="reminder", decision=YES, care=Silence(),
        place=NEW_YORK, admission=OPEN, limits=(), attempts=(), apart=timedelta(hours=4),
        rank=(-50.0, 0.0, 0.0), pack="2026",
    )  # fmt: skip
    return replace(known, **changes)  # type: ignore[arg-type]  # whatever a test is about


def closed(until_hours: float | None) -> Admission:
    """Outside of the hours, until so many hours from now, or for ever."""
    opens = None if until_hours is None else NOON + timedelta(hours=until_hours)
    return Admission(allowed=False, next_at=opens, closes_at=None, rules=(), zones=NEW_YORK.zones)


def attempted(hours_ago: float, number: int = 2, **changes: object) -> Attempted:
    """An earlier contact with the same person."""
    at = NOON - timedelta(hours=hours_ago)
    one = Attempted(UUID(int=number), at, Channel.SMS, Purpose.SERVICE)
    return replace(one, **changes)  # type: ignore[arg-type]  # whatever a test is about


def a_limit(most: int = 1, hours: float = 24) -> Limit:
    """A cap on everything."""
    return Limit(most, timedelta(hours=hours), EVERY_CHANNEL, EVERY_PURPOSE, "cap")


def a_rival(number: int = 3, rank: tuple[float, ...] = (-60.0, 0.0, 0.0)) -> Rival:
    """Another contact for the same person that would go out now, and goes first."""
    named = Named(UUID(int=number), "renewal", "ask", (("en", "Renewal"),))
    return Rival(UUID(int=number), "renewal", rank, named)
