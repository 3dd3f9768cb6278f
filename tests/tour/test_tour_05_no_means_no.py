"""Five: no means no."""

import warnings
from datetime import timedelta

from dramatiq.brokers.stub import StubBroker

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.hints import Hints
from outreach.web import server
from tests import builders as b
from tests.tour.saying import explained, says_no

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client wishes for a newer HTTP library
    from fastapi.testclient import TestClient


def test_whoever_said_no_is_left_alone(app: Outreach, clock: SteppedClock) -> None:
    """Ada withdrew by letter before her parcel came. The touch is planned, and skipped.

    Consent is asked for each touch, at the last instant before it would leave, and the answer names
    the entry on which it rests.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada")
    b.a_campaign(app, lumen, "usage-tutorial")
    says_no(app, lumen, ada)

    b.accepted(app, lumen, b.an_event(app, lumen, ada))
    clock.step_to(b.NOON + timedelta(hours=2))
    b.everything_due(app)

    assert b.reached(app, Channel.EMAIL) == []
    lesson = explained(app, lumen, ada)[0]
    assert (lesson.state, lesson.reason) == ("skipped", "withdrawn")
    assert lesson.consent.startswith("Withdrawn since 2026-03-10T12:00:00+00:00")


def test_the_link_in_every_message_is_enough(app: Outreach, clock: SteppedClock) -> None:
    """Each message carries a signed link. Opening it changes nothing, since mail scanners open all.

    Its button, or the mail program's own, withdraws: from then on nothing leaves by that channel
    for that brand. No account, no question, no second page.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada", phone="")
    b.a_campaign(app, lumen, "usage-tutorial")
    b.accepted(app, lumen, b.an_event(app, lumen, ada))
    clock.step_to(b.NOON + timedelta(hours=2))
    b.everything_due(app)
    [first] = b.reached(app, Channel.EMAIL)

    link = str(first.unsubscribe_url).removeprefix(app.settings.public_url)
    with TestClient(server.create(app, Hints(StubBroker(middleware=[])))) as browser:
        assert browser.get(link).status_code == 200
        assert browser.post(link).status_code == 200

    clock.step_to(b.NOON + timedelta(days=4))
    b.everything_due(app)

    assert b.reached(app, Channel.EMAIL) == [first]
    assert [one.state for one in explained(app, lumen, ada)] == ["sent", "skipped"]
