"""Does whoever may not know about whom still see that something is due?"""

from datetime import timedelta

from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.clock import SteppedClock
from outreach.dispatch import due
from outreach.dispatch.due import Pulse, Wanted
from outreach.dispatch.means import Look
from tests import builders as b


def wanted(app: Outreach) -> Wanted:
    with app.means.database.watch() as tx:
        return due.wanted(tx, now=app.means.clock())


def pulse(app: Outreach) -> Pulse:
    with app.means.database.watch() as tx:
        return due.pulse(tx, now=app.means.clock())


def test_what_is_due_is_seen_across_brands(app: Outreach, clock: SteppedClock) -> None:
    """By brand and channel, as soon as it is due and not before."""
    lumen, north = b.a_brand(app, "lumen"), b.a_brand(app, "north")
    for brand in (lumen, north):
        b.a_live_campaign(app, brand, steps=[b.a_step(after="1 h")])
        b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    assert wanted(app) == Wanted((), (), ())
    assert pulse(app) == Pulse(quiet=True, next_due_at=b.NOON + timedelta(hours=1))
    clock.step_to(b.NOON + timedelta(hours=1))
    assert wanted(app).looks == (Look(lumen, Channel.EMAIL), Look(north, Channel.EMAIL))
    assert not pulse(app).quiet
    with app.means.database.begin(north) as tx:
        brands.stop(tx, stopped=True)
    assert wanted(app).looks == (Look(lumen, Channel.EMAIL),)


def test_claims_in_hand_are_not_quiet_and_expired_ones_are_seen(app: Outreach) -> None:
    """A worker at work is no silence; one that is gone has left something behind."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    take = text("""
        update outreach.touches
        set state = 'claimed', lease_until = now() + cast(:lease as interval)
    """)
    with app.means.database.begin(brand) as tx:
        tx.execute(take, {"lease": "1 min"})
    assert (wanted(app).expired, pulse(app).quiet) == ((), False)
    with app.means.database.begin(brand) as tx:
        tx.execute(take, {"lease": "-1 s"})
    assert wanted(app).expired == (brand,)


def test_events_that_nobody_has_looked_at_are_pending(app: Outreach) -> None:
    """Until they are enrolled."""
    brand = b.a_brand(app)
    event = b.an_event(app, brand, b.a_person(app, brand))
    b.accepted(app, brand, event)
    with app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.events set state = 'pending'"))
    assert wanted(app).pending == (brand,)
