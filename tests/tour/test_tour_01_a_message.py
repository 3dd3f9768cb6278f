"""One: an event becomes a message."""

from datetime import timedelta

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests import builders as b


def test_an_event_becomes_a_message(app: Outreach, clock: SteppedClock) -> None:
    """Ada signs for a parcel at noon. Two hours later a short lesson on what is in it arrives.

    A *campaign* says what should happen after an event; here it is `usage-tutorial`, which comes
    with the product. Holding the event against it makes an *enrolment*, Ada's passage through the
    campaign, and a *touch* for each contact that is planned in it. A touch is due at an instant.
    Whoever works looks for what is due, asks the gate, and hands the text over.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada", name="Ada Example")
    b.a_campaign(app, lumen, "usage-tutorial")

    b.accepted(app, lumen, b.an_event(app, lumen, ada, product="Lumen One"))
    b.everything_due(app)
    assert b.reached(app, Channel.EMAIL) == []  # planned, and not due for two hours

    clock.step_to(b.NOON + timedelta(hours=2))
    b.everything_due(app)

    [mail] = b.reached(app, Channel.EMAIL)
    assert mail.to == "ada@customers.example"
    assert mail.content.subject == "Getting started with Lumen One"
    assert mail.content.text.startswith("Hello Ada,")
