"""Which days do the tests live through? A week of people who buy, complain, agree and refuse.

Lived on the application itself, with workers' own functions, looking every few hours.
"""

from datetime import datetime, timedelta

from optout.model import Action, How
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments import enrol
from outreach.inbound.consent import Change, change_person
from outreach.people.model import Person
from outreach.replay.moments import Days
from tests import builders

EVERY = timedelta(hours=12)
ZONES = ("America/New_York", "Europe/Lisbon", "Asia/Shanghai", "Pacific/Auckland", None)
CAMPAIGNS = ("usage-tutorial", "review-invitation", "nps-listening", "greeting-birthday")
_LOOKS = 14


def lived(app: Outreach, clock: SteppedClock, brand: BrandRef, *, people: int = 15) -> Days:
    """Let a week pass, and answer which days it was."""
    for key in CAMPAIGNS:
        builders.a_campaign(app, brand, key)
    since = clock()
    persons = [_person(app, brand, number) for number in range(people)]
    for look in range(_LOOKS):
        now = since + look * EVERY
        clock.step_to(now)
        for number, person in enumerate(persons):
            _what_happens(app, brand, person, number, look - number % _LOOKS)
        _worked_off(app, brand, now)
    return Days(since, since + _LOOKS * EVERY)


def _person(app: Outreach, brand: BrandRef, number: int) -> Person:
    zone = ZONES[number % len(ZONES)]
    nowhere = {"country": None, "subdivision": None, "phone": None}
    place: dict[str, object] = {"zone": zone} if zone else nowhere
    person = builders.a_person(app, brand, f"p-{number}", birthday="03-12", **place)
    if number % 3:
        grant = Change(Action.GRANT, How.API, "form", kinds=("express", "written"))
        change_person(app.means, brand, person.id, grant)
    return person


def _what_happens(
    app: Outreach, brand: BrandRef, person: Person, number: int, looks_on: int
) -> None:
    if looks_on == 0:
        order = {"parcel": f"P-{number}", "order": f"O-{number}"}
        builders.accepted(app, brand, builders.an_event(app, brand, person, **order))
    if looks_on == 2 and number % 4 == 1:
        opened = {"case": f"C-{number}", "opened_at": app.means.clock().isoformat()}
        complaint = builders.an_event(app, brand, person, "case.opened", **opened)
        builders.accepted(app, brand, complaint)
    if looks_on == 4 and number % 5 == 0:
        change = Change(Action.WITHDRAW, How.LINK, "button")
        change_person(app.means, brand, person.id, change)


def _worked_off(app: Outreach, brand: BrandRef, now: datetime) -> None:
    with app.means.database.begin(brand) as tx:
        while enrol.enrol(tx, app.means.book, brand, now=now):
            pass
    builders.planned(app, brand)
    builders.everything_due(app)
