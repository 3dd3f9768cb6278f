"""Seven: one contact at a time, and not too many."""

from datetime import timedelta

from optout.model import Channel, Purpose
from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests import builders as b
from tests.tour.saying import agrees, explained


def test_one_contact_at_a_time(app: Outreach, clock: SteppedClock) -> None:
    """A case of Ada's was closed on the day on which a parcel came: two campaigns want her.

    Both are due at the same time. The lesson has the higher priority and goes first. The survey
    waits until the brand's distance, four hours, lies between them.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada")
    agrees(app, lumen, ada, Purpose.SURVEY)
    b.a_campaign(app, lumen, "usage-tutorial")
    b.a_campaign(app, lumen, "satisfaction-survey")
    closed = b.an_event(app, lumen, ada, "case.closed", case="C-1", closed_at="2026-03-10")
    b.accepted(app, lumen, b.an_event(app, lumen, ada), closed)

    clock.step_to(b.NOON + timedelta(hours=2))
    b.everything_due(app)
    assert len(b.reached(app, Channel.EMAIL)) == 1
    assert b.reached(app, Channel.SMS) == []
    survey = explained(app, lumen, ada)[0]
    assert (survey.campaign, survey.reason) == ("satisfaction-survey", "outranked")
    assert (survey.because["campaign"], survey.because["step"]) == ("usage-tutorial", "lesson-1")
    assert survey.repair.endswith("or give it a higher priority than usage-tutorial/lesson-1")

    clock.step_to(b.NOON + timedelta(hours=6))
    b.everything_due(app)
    assert len(b.reached(app, Channel.SMS)) == 1


def test_and_not_too_many(app: Outreach, clock: SteppedClock) -> None:
    """A second case is closed a week later. But nobody is surveyed twice within thirty days.

    That is a *quarantine* of the brand. It ends too late for this survey, which is worth sending
    for two days: so it is skipped now, and says what held it.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada")
    agrees(app, lumen, ada, Purpose.SURVEY)
    b.a_campaign(app, lumen, "satisfaction-survey")
    for day, case in ((0, "C-1"), (7, "C-2")):
        clock.step_to(b.NOON + timedelta(days=day))
        closed = b.an_event(app, lumen, ada, "case.closed", case=case, closed_at=f"day {day}")
        b.accepted(app, lumen, closed)
        clock.step_to(b.NOON + timedelta(days=day, hours=2))
        b.everything_due(app)

    assert len(b.reached(app, Channel.SMS)) == 1
    [first, second] = explained(app, lumen, ada)
    assert (first.state, second.state, second.reason) == ("sent", "skipped", "too_late")
    assert (second.check, second.cap) == ("under_caps", "quarantine:survey")
