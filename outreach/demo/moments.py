"""What is a moment of the demo, and how is a fact told in it?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from outreach import ids
from outreach.demo.world import Inhabitant

START = datetime(2026, 12, 14, tzinfo=UTC)  # a Monday; Christmas Eve is in the second week
END = START + timedelta(days=14)
# What stops a message never happens in the very minute in which one is due: else the outcome would
# hang on which process was faster.
APART = timedelta(minutes=7)

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at one instant with one brand."""

    at: datetime
    brand: str
    events: tuple[Raw, ...] = ()
    arrivals: tuple[Raw, ...] = ()  # people who become known
    withdrawals: tuple[str, ...] = ()  # refs of people who say no
    calls: bool = False  # agents work off what they may call
    click: bool = False  # somebody clicks "unsubscribe" in a mail
    answers: bool = False  # some of those who were asked by a survey answer it


def in_order(told: Sequence[Moment]) -> list[Moment]:
    """Every moment, in order; one per brand and instant."""
    ordered = sorted(told, key=attrgetter("at", "brand"))
    return [_together(group) for _, group in groupby(ordered, key=attrgetter("at", "brand"))]


def _together(group: Iterable[Moment]) -> Moment:
    moments = list(group)
    return Moment(
        at=moments[0].at,
        brand=moments[0].brand,
        events=tuple(event for moment in moments for event in moment.events),
        arrivals=tuple(one for moment in moments for one in moment.arrivals),
        withdrawals=tuple(ref for moment in moments for ref in moment.withdrawals),
        calls=any(moment.calls for moment in moments),
        click=any(moment.click for moment in moments),
        answers=any(moment.answers for moment in moments),
    )


def told(
    person: Inhabitant,
    at: datetime,
    kind: str,
    data: Mapping[str, object],
    *,
    source: str = "shop",
    happened: datetime | None = None,
) -> Moment:
    """That this happened to the person, as a source reports it at this instant."""
    return Moment(
        at, person.brand, events=(event(person.ref, happened or at, kind, data, source=source),)
    )


def event(
    subject: str, at: datetime, kind: str, data: Mapping[str, object], *, source: str
) -> dict[str, object]:
    """A CloudEvent."""
    return {
        "specversion": "1.0", "id": f"{source}-{kind}-{subject}", "source": source, "type": kind,
        "subject": subject, "time": at.isoformat(), "data": dict(data),
    }  # fmt: skip


def share(what: str, person: Inhabitant) -> float:
    """A number from 0 to 1 that is this person's in this matter."""
    return ids.share("demo", what, person.ref)


def happens(what: str, person: Inhabitant, *, often: float) -> bool:
    """Whether it happens to this person, as it does to such a share of people."""
    return share(what, person) < often
