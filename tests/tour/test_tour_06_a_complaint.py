"""Six: while a complaint is open, nothing is asked of that person."""

from datetime import timedelta

from optout.model import Channel, Purpose
from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests import builders as b
from tests.tour.saying import agrees, explained


def test_a_complaint_mutes_what_can_wait(app: Outreach, clock: SteppedClock) -> None:
    """Three days after her parcel came, Ada is to be asked for a review. But something is wrong.

    A *care hold* follows from the events of the case by itself. It mutes surveys, reviews, renewals
    and marketing; what serves her order goes on. Two days after the case is closed, what waited
    goes.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada")
    b.a_campaign(app, lumen, "review-invitation")
    agrees(app, lumen, ada, Purpose.REVIEW)
    b.accepted(app, lumen, b.an_event(app, lumen, ada))

    clock.step_to(b.NOON + timedelta(days=2))
    opened = b.an_event(app, lumen, ada, "case.opened", case="C-1", opened_at="2026-03-12")
    b.accepted(app, lumen, opened)

    clock.step_to(b.NOON + timedelta(days=4))
    b.everything_due(app)
    assert b.reached(app, Channel.EMAIL) == []
    [invitation] = explained(app, lumen, ada)
    assert (invitation.state, invitation.reason) == ("planned", "care_hold")

    closed = b.an_event(app, lumen, ada, "case.closed", case="C-1", closed_at="2026-03-14")
    b.accepted(app, lumen, closed)
    b.everything_due(app)
    assert b.reached(app, Channel.EMAIL) == []

    clock.step_to(b.NOON + timedelta(days=6))
    b.everything_due(app)
    assert len(b.reached(app, Channel.EMAIL)) == 1
