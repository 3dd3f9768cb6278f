"""Are the sums what a full count comes to, whatever is written?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import text

from optout.model import Action, How
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.enrolments import under_way
from outreach.inbound.consent import Change, change_person
from outreach.reports import sums
from outreach.reports.reconcile import reconcile
from outreach.ticker import Ticker
from tests import builders as b
from tests.waiting import wait_until

DAY = timedelta(days=1)
_WAITS = text("""
    select count(*) from pg_locks
    where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())
""")


def _lived_through(app: Outreach, clock: SteppedClock) -> BrandRef:
    """Sent twice and once, for want of an address not at all, and no more after a refusal."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[b.a_step(), b.a_step("two", after="P2D")])
    for ref, email in (("ada", "ada@customers.example"), ("bo", None), ("cy", "cy@c.example")):
        person = b.a_person(app, brand, ref, email=email)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=ref, order=ref))
    b.everything_due(app)
    change_person(app.means, brand, person.id, Change(Action.WITHDRAW, How.LINK, "button"))
    clock.step_to(b.NOON + 2 * DAY)
    b.everything_due(app)
    return brand


def _told(app: Outreach, brand: BrandRef) -> dict[tuple[str, str, str], int]:
    with app.means.database.reading(brand) as tx:
        found = sums.of(tx, since=b.NOON - DAY, until=b.NOON + 3 * DAY)
    return {(one.channel, one.fate, one.reason): one.many for one in found}


def test_what_is_written_is_summed_up_and_folded(app: Outreach, clock: SteppedClock) -> None:
    """The same sums before they are folded and after, and no full count differs."""
    brand = _lived_through(app, clock)
    before = _told(app, brand)
    with app.means.database.begin(brand) as tx:
        assert sums.fold(tx) > 0
        assert sums.fold(tx) == 0
        assert sums.drifted(tx) == []
        assert tx.execute(text("select count(*) from outreach.sums")).scalar_one() > 0
        assert reconcile(tx).closes
    assert _told(app, brand) == before
    assert before["", "candidate", ""] == 6
    assert before["email", "sent", ""] == 3
    assert before["email", "skipped", "no_address"] == 2
    assert sum(many for (_, fate, _), many in before.items() if fate != "candidate") == 6


def test_days_and_hours_are_those_of_the_clock(app: Outreach, clock: SteppedClock) -> None:
    """Noon in UTC is half past five in Kolkata."""
    brand = _lived_through(app, clock)
    with app.means.database.reading(brand) as tx:
        found = sums.of(
            tx,
            since=b.NOON,
            until=b.NOON + DAY,
            by="hour",
            zone="Asia/Kolkata",
            campaign="reminder",
        )
        assert not sums.of(tx, since=b.NOON, until=b.NOON + DAY, campaign="another")
    assert {(one.day, one.hour) for one in found} == {(b.NOON.date(), 17)}


def test_a_sum_that_drifted_is_found_and_mended(app: Outreach, clock: SteppedClock) -> None:
    brand = _lived_through(app, clock)
    with app.means.database.begin(brand) as tx:
        sums.fold(tx)
        tx.execute(text("update outreach.sums set many = many + 2 where fate = 'sent'"))
        found = sums.drifted(tx)
        assert {(one.fate, one.kept - one.counted) for one in found} == {("sent", 2)}
        assert not reconcile(tx).closes
        assert sums.mend(tx, brand) == len(found)
        assert sums.drifted(tx) == []


def test_two_who_mend_at_once_mend_once(app: Outreach, clock: SteppedClock) -> None:
    brand = _lived_through(app, clock)
    database = app.means.database

    def mended() -> int:
        with database.begin(brand) as tx:
            return sums.mend(tx, brand)

    with ThreadPoolExecutor(1) as pool:
        with database.begin(brand) as tx:
            tx.execute(text("update outreach.sum_changes set many = many + 2"))
        with database.begin(brand) as tx:
            assert sums.mend(tx, brand)
            second = pool.submit(mended)
            wait_until(lambda: second.done() or tx.execute(_WAITS).scalar_one())
        assert second.result() == 0
    with database.begin(brand) as tx:
        assert sums.drifted(tx) == []


def test_the_ticker_folds_each_brands_own(app: Outreach, clock: SteppedClock) -> None:
    brand = _lived_through(app, clock)
    other = b.a_brand(app, "other")
    Ticker(app, None).fold()  # type: ignore[arg-type]  # folding wakes nobody
    with app.means.database.begin(brand) as tx:
        assert tx.execute(text("select count(*) from outreach.sum_changes")).scalar_one() == 0
    assert _told(app, other) == {}


def test_moves_and_ends_of_campaigns_are_counted_too(app: Outreach) -> None:
    """A passage that is moved takes its sums along; one that ends cancels what it had open."""
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand, steps=[b.a_step(after="P1D")])
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand, "ada")))
    source = b.written(steps=[b.a_step(after="P1D"), b.a_step("two", after="P3D")])
    now = app.means.clock()
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, source, name="reminder")
        under_way.activate(tx, app.means.book, brand, "reminder", now=now, move=True)
        assert sums.drifted(tx) == []
        under_way.end(tx, app.means.book, "reminder", now=now)
        assert sums.drifted(tx) == []
    assert _told(app, brand)["email", "cancelled", "campaign_ended"] == 2
