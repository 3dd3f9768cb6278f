"""Which days do the tests live through? People who buy, complain, answer, agree, refuse, and go.

Lived on the application itself, with workers' own functions, looking every few hours. A week by
default; a month from 10 March has Europe's clocks go forward, New Zealand's back, Qingming and
Easter. In the middle a campaign gets a new version, and when all is over some are forgotten. As in
a shop, most of what is told starts no campaign: some of it goes into records, and all of it has to
be read, kept and held against triggers.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from optout.model import Action, How
from outreach import campaigns as room
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.dispatch.send import dispatch
from outreach.enrolments import enrol, intake
from outreach.events.model import Event
from outreach.inbound import erasure
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.replay.moments import Days
from tests import builders

EVERY = timedelta(hours=12)
ZONES = ("America/New_York", "Europe/Lisbon", "Asia/Shanghai", "Pacific/Auckland", None)
CAMPAIGNS = ("usage-tutorial", "review-invitation", "nps-listening", "greeting-birthday")
WEEK, MONTH = 14, 62  # looks
_TUTORIAL = Path(room.__path__[0]) / "library" / "usage-tutorial.yaml"
_GRANT = Change(Action.GRANT, How.API, "form", kinds=("express", "written"))
_REFUSAL = Change(Action.WITHDRAW, How.LINK, "button")

# What happens so many looks after a person's parcel, to each of whom the number leaves this when
# divided by that.
_HAPPENS: Mapping[int, tuple[str, int, int]] = {
    0: ("parcel.delivered", 1, 0),
    2: ("case.opened", 4, 1),
    6: ("order.refunded", 7, 3),
    9: ("review.written", 6, 2),
    32: ("survey.answered", 3, 0),
}
_REFUSES_AFTER, _REFUSING = 4, 5
# What starts nothing: one of these for each person, every so many looks.
_STARTS_NOTHING = ("order.placed", "order.paid", "parcel.shipped", "parcel.in_transit")
_NOTHING_EVERY = 5
TOLD_OF_EACH = MONTH / _NOTHING_EVERY + 1
"""Of a person in a month, at least."""
_FORGOTTEN = 50, 7


def lived(
    app: Outreach, clock: SteppedClock, brand: BrandRef, *, people: int = 15, looks: int = WEEK
) -> Days:
    """Let a week pass, or so many looks, and answer which days it was."""
    for key in CAMPAIGNS:
        builders.a_campaign(app, brand, key)
    since = clock()
    persons = _persons(app, brand, people, since=since, looks=looks)
    for look in range(looks):
        now = since + look * EVERY
        clock.step_to(now)
        if look == looks // 2:
            _changed(app, brand, now)
        _what_happens(app, brand, {n: (p, look - n % looks) for n, p in enumerate(persons)})
        _worked_off(app, brand, now)
    days = Days(since, since + looks * EVERY)
    clock.step_to(days.until)
    _forgotten(app, brand, persons)
    return days


def _persons(
    app: Outreach, brand: BrandRef, many: int, *, since: datetime, looks: int
) -> list[Person]:
    """All of them at once, two in three of whom agree to be written to."""
    born = [since + number % looks * EVERY for number in range(many)]
    persons = [_person(app, brand, number, f"{day:%m-%d}") for number, day in enumerate(born)]
    with app.means.database.begin(brand) as tx:
        intake.arrive(tx, brand, persons, now=since)
    for number, person in enumerate(persons):
        if number % 3:
            change_person(app.means, brand, person.id, _GRANT)
    return persons


def _person(app: Outreach, brand: BrandRef, number: int, birthday: str) -> Person:
    zone = ZONES[number % len(ZONES)]
    nowhere: dict[str, object] = {"country": None, "subdivision": None, "phone": None}
    place = {"zone": zone} if zone else nowhere
    return builders.somebody(app, brand, f"p-{number}", birthday=birthday, **place)


def _changed(app: Outreach, brand: BrandRef, now: datetime) -> None:
    """From now on the second lesson comes a day later."""
    source = _TUTORIAL.read_text(encoding="utf-8").replace("after: 2 d", "after: 3 d")
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, source, name="usage-tutorial")
        campaigns.activate(tx, app.means.book, "usage-tutorial", now=now)


def _what_happens(
    app: Outreach, brand: BrandRef, looks_on: Mapping[int, tuple[Person, int]]
) -> None:
    told = [
        event
        for number, (person, look) in looks_on.items()
        for event in (
            *_told(app, brand, person, number, look), *_idle(app, brand, person, number, look)
        )
    ]  # fmt: skip
    builders.accepted(app, brand, *told)
    for number, (person, look) in looks_on.items():
        if look == _REFUSES_AFTER and number % _REFUSING == 0:
            change_person(app.means, brand, person.id, _REFUSAL)


def _told(
    app: Outreach, brand: BrandRef, person: Person, number: int, look: int
) -> Iterator[Event]:
    kind, divisor, left = _HAPPENS.get(look, ("", 1, 1))
    if number % divisor == left:
        names = {"parcel": f"P-{number}", "order": f"O-{number}", "case": f"C-{number}"}
        answer = {"survey": f"S-{number}", "form": "nps", "score": number % 11}
        opened = {"opened_at": app.means.clock().isoformat()}
        yield builders.an_event(app, brand, person, kind, None, **names, **answer, **opened)


def _idle(
    app: Outreach, brand: BrandRef, person: Person, number: int, look: int
) -> Iterator[Event]:
    """Of a trade of its own each round, so that nothing of it bears on who is contacted."""
    if look % _NOTHING_EVERY:
        return
    nth = look // _NOTHING_EVERY
    trade = f"{number}-{nth // len(_STARTS_NOTHING)}"
    names = {"order": f"N-{trade}", "parcel": f"M-{trade}", "status": "moving"}
    kind = _STARTS_NOTHING[nth % len(_STARTS_NOTHING)]
    yield builders.an_event(app, brand, person, kind, None, **names)


def _worked_off(app: Outreach, brand: BrandRef, now: datetime) -> None:
    """Until nothing is left that can be done at this instant."""
    with app.means.database.begin(brand) as tx:
        while enrol.enrol(tx, app.means.book, brand, now=now):
            pass
    builders.planned(app, brand)
    while _sent(app, now):
        pass


def _sent(app: Outreach, now: datetime) -> int:
    with app.means.database.watch() as tx:
        looks = due.wanted(tx, now=now).looks
    return sum(dispatch(app.means, look) for look in looks)


def _forgotten(app: Outreach, brand: BrandRef, persons: list[Person]) -> None:
    of, left = _FORGOTTEN
    for number, person in enumerate(persons):
        if number % of == left:
            erasure.erase(app.means, brand, person.id, evidence="asked")
