"""Three: it waits for a lawful hour where the person lives."""

from datetime import timedelta

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests import builders as b
from tests.tour.saying import explained


def test_it_waits_for_a_lawful_hour_where_the_person_lives(
    app: Outreach, clock: SteppedClock
) -> None:
    """Asha lives in India and has no mail address, so her lesson goes by SMS.

    She signs at 19:30 on her clock, and two hours later is 21:30: too late for a text of this kind.
    The touch is *held*. It stays planned, with a later instant and the reason why. At 09:00 on her
    clock, which is half past three in London, it goes.
    """
    lumen = b.a_brand(app)
    asha = b.a_person(
        app, lumen, "asha", country="IN", subdivision="", email="", phone="+919812345678"
    )
    b.a_campaign(app, lumen, "usage-tutorial")
    clock.step_to(b.NOON + timedelta(hours=2))
    b.accepted(app, lumen, b.an_event(app, lumen, asha))

    clock.step_to(b.NOON + timedelta(hours=4))
    b.everything_due(app)

    assert b.reached(app, Channel.SMS) == []
    [lesson, _] = explained(app, lumen, asha)
    assert (lesson.state, lesson.reason) == ("planned", "outside_hours")
    assert lesson.local_times == ("2026-03-11 09:00 Asia/Kolkata",)

    clock.step_to(lesson.due_at)
    b.everything_due(app)

    assert len(b.reached(app, Channel.SMS)) == 1
