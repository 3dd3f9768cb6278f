"""Four: nobody knows where she lives, so it waits until somebody does."""

from datetime import timedelta

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.enrolments import intake
from tests import builders as b
from tests.tour.saying import explained


def test_an_unknown_place_holds_and_a_zone_releases(app: Outreach, clock: SteppedClock) -> None:
    """Noor gave a toll-free number and no address. Such a number belongs to no place.

    Where a check does not know, it objects: without a place there is no lawful hour for a text or a
    call. The touch is held until something changes. Then Noor's time zone is entered, and what
    waited for it is due at once. In Newfoundland it is early afternoon.
    """
    lumen = b.a_brand(app)
    noor = b.a_person(
        app, lumen, "noor", country="", subdivision="", email="", phone="+18005550123"
    )
    b.a_campaign(app, lumen, "usage-tutorial")
    b.accepted(app, lumen, b.an_event(app, lumen, noor))
    clock.step_to(b.NOON + timedelta(hours=4))
    b.everything_due(app)

    assert b.reached(app, Channel.SMS) == []
    lesson = explained(app, lumen, noor)[0]
    assert (lesson.reason, lesson.repair) == ("place_unknown", "add a zone or a country")

    with app.means.database.begin(lumen) as tx:
        found = noor._replace(zone="America/St_Johns")
        intake.arrive(tx, lumen, [found], now=clock())
    b.everything_due(app)

    assert len(b.reached(app, Channel.SMS)) == 1
