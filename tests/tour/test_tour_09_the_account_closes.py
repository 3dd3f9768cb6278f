"""Nine: the account closes, and every touch can be explained."""

from datetime import timedelta

from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.reports.reconcile import reconcile
from tests import builders as b
from tests.tour.saying import explained, says_no


def test_the_account_closes(app: Outreach, clock: SteppedClock) -> None:
    """Four parcels. One person is taught, one said no, one cannot be placed, one is left alone.

    Whoever could have been contacted is a *candidate*. Each candidate ends in one place, with a
    reason, and the sum is held against what was planned. `c-39` is in the *holdout*, left alone
    on purpose to measure what the campaign does: by a hash of the id and not by a throw of dice, so
    it is always the same persons.
    """
    lumen = b.a_brand(app)
    b.a_campaign(app, lumen, "usage-tutorial")
    ada, bo = b.a_person(app, lumen, "ada"), b.a_person(app, lumen, "bo")
    cy = b.a_person(app, lumen, "cy", country="", subdivision="", email="", phone="+18005550123")
    apart = b.a_person(app, lumen, "c-39")
    says_no(app, lumen, bo)
    parcels = [
        b.an_event(app, lumen, person, parcel=f"P-{number}")
        for number, person in enumerate((ada, bo, cy, apart))
    ]
    b.accepted(app, lumen, *parcels)
    clock.step_to(b.NOON + timedelta(hours=4))
    b.everything_due(app)

    with app.means.database.begin(lumen) as tx:
        ledger = reconcile(tx)
    account = ledger.accounts["usage-tutorial"]
    assert account.candidates == 2 + 2 + 2 + 1  # two lessons each, and one passage declined
    assert account.sent == 1
    assert account.skipped == {"withdrawn": 1, "holdout": 1}
    assert account.open.held == {"place_unknown": 1}
    assert account.open.waiting == 3  # second lessons, which are due in two days
    assert ledger.closes

    said = {person.ref: explained(app, lumen, person)[0].sentence for person in (ada, bo, cy)}
    assert said == {
        "ada": "It was sent.",
        "bo": "It was not sent: the person said no.",
        "cy": "It is held: we do not know where the person lives.",
    }
