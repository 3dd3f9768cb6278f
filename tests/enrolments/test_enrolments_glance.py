"""Does a careful start reach a few, then a share, then everybody?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch.due import pulse
from outreach.enrolments import enrol, intake, under_way
from outreach.enrolments.under_way import Released
from outreach.errors import Conflict
from outreach.reports.reconcile import Account, reconcile
from tests import builders as b

RAMP = {"first": 2, "then": 0.5}


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def comes(app: Outreach, brand: BrandRef, *refs: str) -> None:
    """A parcel is delivered to each of them."""
    for ref in refs:
        b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, ref), parcel=ref))


def released(app: Outreach, brand: BrandRef) -> Released:
    with app.means.database.begin(brand) as tx:
        return under_way.release(tx, app.means.book, "reminder", now=app.means.clock())


def account(app: Outreach, brand: BrandRef) -> Account:
    with app.means.database.begin(brand) as tx:
        ledger = reconcile(tx)
    assert ledger.closes
    return ledger.accounts["reminder"]


def among_the_share(brand: BrandRef, ref: str, share: float = 0.5) -> bool:
    return ids.share(brand.key, "reminder", "ramp", ref) < share


def test_the_first_wait_and_those_after_them_are_left_out(app: Outreach, brand: BrandRef) -> None:
    """Until somebody has looked nothing leaves, however often one looks what is due."""
    b.a_live_campaign(app, brand, ramp=RAMP)
    comes(app, brand, "c-1", "c-2", "c-3")
    b.everything_due(app)
    known = account(app, brand)
    assert (known.open.held, known.skipped) == ({"awaiting_glance": 2}, {"ramp": 1})
    with app.means.database.watch() as tx:
        assert pulse(tx, now=app.means.clock()).quiet


def test_a_release_lets_the_first_go_and_takes_in_a_share(app: Outreach, brand: BrandRef) -> None:
    """A second one takes in everybody; after that there is nothing to release."""
    b.a_live_campaign(app, brand, ramp=RAMP)
    comes(app, brand, "c-1", "c-2")
    first = released(app, brand)
    assert (first.version.stage, first.released, first.dropped) == ("share", 2, 0)
    b.everything_due(app)
    assert len(b.reached(app, Channel.EMAIL)) == 2
    refs = [f"d-{number}" for number in range(12)]
    comes(app, brand, *refs)
    share = sum(among_the_share(brand, ref) for ref in refs)
    assert 0 < share < len(refs)
    assert account(app, brand).skipped == {"ramp": len(refs) - share}
    assert released(app, brand).version.stage == "all"
    comes(app, brand, *(f"e-{number}" for number in range(12)))
    assert account(app, brand).candidates == 2 + 12 + 12
    with pytest.raises(Conflict, match="nothing to release"):
        released(app, brand)


def test_what_nobody_looked_at_in_time_is_dropped(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """By the release, which counts it, or by the gate at its last useful moment."""
    b.a_live_campaign(app, brand, ramp=RAMP)
    comes(app, brand, "c-1")
    clock.step_to(b.NOON + timedelta(days=2))
    comes(app, brand, "c-2")
    clock.step_to(b.NOON + timedelta(days=3))
    done = released(app, brand)
    assert (done.released, done.dropped) == (1, 1)
    assert account(app, brand).skipped == {"too_late": 1}


def test_the_gate_drops_what_was_never_released(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    b.a_live_campaign(app, brand, ramp=RAMP)
    comes(app, brand, "c-1")
    clock.step_to(b.NOON + timedelta(days=3))
    b.everything_due(app)
    assert b.fates(app, brand) == [("email", "skipped", "too_late")]


def test_the_places_are_given_out_once_whoever_plans(
    app: Outreach, brand: BrandRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four workers plan for twelve persons at once, and two places are filled."""
    b.a_live_campaign(app, brand, ramp=RAMP)
    events = [b.an_event(app, brand, b.a_person(app, brand), parcel=f"P-{n}") for n in range(12)]
    with app.means.database.begin(brand) as tx:
        intake.accept(tx, brand, events, source="shop", refused=0, now=b.NOON)

    def plan_all(_: int) -> None:
        while True:
            with app.means.database.begin(brand) as tx:
                if not enrol.enrol(tx, app.means.book, brand, now=b.NOON):
                    return

    monkeypatch.setattr(enrol, "BATCH", 2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(plan_all, range(4)))
    known = account(app, brand)
    assert (known.open.held, known.skipped) == ({"awaiting_glance": 2}, {"ramp": 10})


def test_a_version_is_looked_at_anew_and_who_moves_goes_on_waiting(
    app: Outreach, brand: BrandRef
) -> None:
    b.a_live_campaign(app, brand, ramp=RAMP)
    comes(app, brand, "c-1")
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written(ramp=RAMP, priority=60), name="reminder")
        now = app.means.clock()
        under_way.activate(tx, app.means.book, brand, "reminder", now=now, move=True)
    b.everything_due(app)
    assert account(app, brand).open.held == {"awaiting_glance": 1}
    assert released(app, brand).released == 1


def test_a_pilot_takes_in_its_share_for_its_time(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Whoever is outside of it, or comes after it, is left out and the account says so."""
    until = (b.NOON + timedelta(days=1)).isoformat()
    b.a_live_campaign(app, brand, pilot={"share": 0.5, "until": until})
    refs = [f"c-{number}" for number in range(12)]
    comes(app, brand, *refs)
    inside = sum(ids.share(brand.key, "reminder", "pilot", ref) < 0.5 for ref in refs)
    assert 0 < inside < 12
    clock.step_to(b.NOON + timedelta(days=1))
    comes(app, brand, "d-1")
    known = account(app, brand)
    assert known.skipped == {"pilot": 12 - inside, "pilot_over": 1}
    assert known.open.waiting == inside
