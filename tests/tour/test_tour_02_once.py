"""Two: the same fact, told twice, is one passage."""

from datetime import timedelta

from optout.model import Channel
from outreach.app import Outreach
from outreach.clock import SteppedClock
from tests import builders as b


def test_the_same_fact_told_twice_is_one_passage(app: Outreach, clock: SteppedClock) -> None:
    """The shop and the carrier both report one signature, in words of their own.

    What makes two reports the same fact is the *business key*, here the parcel, and never the id of
    the report. The second one is dropped and counted. So it is safe to send an event again whenever
    one is not sure that it arrived.
    """
    lumen = b.a_brand(app)
    ada = b.a_person(app, lumen, "ada")
    b.a_campaign(app, lumen, "usage-tutorial")

    from_shop = b.an_event(app, lumen, ada, parcel="P-1", product="Lumen One")
    from_carrier = b.an_event(app, lumen, ada, parcel="P-1", product="1x LUMEN-ONE-WHITE")
    assert b.accepted(app, lumen, from_shop).already_seen == 0
    assert b.accepted(app, lumen, from_carrier).already_seen == 1

    clock.step_to(b.NOON + timedelta(hours=2))
    b.everything_due(app)
    b.everything_due(app)  # looking once more sends nothing more

    [mail] = b.reached(app, Channel.EMAIL)
    assert mail.content.subject == "Getting started with Lumen One"
