"""What does planning begin that no event began, in a real database?"""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.enrolments import under_way
from outreach.enrolments.planner import plan_next
from outreach.reports.reconcile import reconcile
from tests import builders as b

_BRANDS = count(1)
AT = "2026-03-12T10:00"
EVERYBODY = {"audience": "all", "at": AT}
IN_CHINA = {"field": "person.country", "operator": "is", "value": "CN"}
OPEN = datetime(2026, 3, 11, 19, tzinfo=UTC)


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app, f"planner-{next(_BRANDS)}")


def people(app: Outreach, brand: BrandRef, number: int, **fields: object) -> None:
    for _ in range(number):
        b.a_person(app, brand, **fields)


def passages(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return int(tx.execute(text("select count(*) from outreach.enrolments")).scalar_one())


def due_instants(app: Outreach, brand: BrandRef) -> set[datetime]:
    with app.means.database.begin(brand) as tx:
        return set(tx.execute(text("select planned_for from outreach.touches")).scalars())


def wanted(app: Outreach) -> bool:
    with app.means.database.watch() as tx:
        return bool(due.wanted(tx, now=app.means.clock()).pending)


def test_everybody_is_planned_once_and_on_their_own_clock(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Nobody before the occasion is open; then each in New York and Tokyo at their ten."""
    people(app, brand, 2)
    people(app, brand, 1, country="JP", subdivision="", phone="+81312345678")
    b.a_live_campaign(app, brand, trigger=EVERYBODY)
    b.planned(app, brand)
    assert (passages(app, brand), wanted(app)) == (0, False)
    clock.step_to(OPEN)
    assert wanted(app)
    b.planned(app, brand)
    assert (passages(app, brand), wanted(app)) == (3, False)
    assert due_instants(app, brand) == {
        datetime(2026, 3, 12, 14, tzinfo=UTC), datetime(2026, 3, 12, 1, tzinfo=UTC)
    }  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 100])
def test_chunks_of_any_size_reach_everybody_once(
    app: Outreach, brand: BrandRef, clock: SteppedClock, chunk: int
) -> None:
    people(app, brand, 5)
    b.a_live_campaign(app, brand, trigger=EVERYBODY)
    clock.step_to(OPEN)
    b.planned(app, brand, chunk=chunk)
    assert passages(app, brand) == 5


def test_a_chunk_that_is_rolled_back_is_planned_again_by_the_next(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """How far it has come is written in the transaction that went so far."""
    people(app, brand, 4)
    b.a_live_campaign(app, brand, trigger=EVERYBODY)
    clock.step_to(OPEN)
    with app.means.database.begin(brand) as tx:
        plan_next(tx, app.means.book, brand, now=clock(), chunk=2)
    with app.means.database.begin(brand) as tx:
        plan_next(tx, app.means.book, brand, now=clock(), chunk=2)
        tx.rollback()
    assert passages(app, brand) == 2
    b.planned(app, brand, chunk=2)
    assert passages(app, brand) == 4


def test_who_is_outside_of_the_condition_is_no_candidate(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    people(app, brand, 2)
    people(app, brand, 1, country="CN", subdivision="", phone="+8613800000001")
    b.a_live_campaign(app, brand, trigger=EVERYBODY | {"audience": IN_CHINA})
    clock.step_to(OPEN)
    b.planned(app, brand)
    with app.means.database.begin(brand) as tx:
        ledger = reconcile(tx)
    assert ledger.accounts["reminder"].candidates == 1
    assert ledger.closes


def test_a_holdout_is_a_candidate_and_is_counted_with_its_reason(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    people(app, brand, 6)
    b.a_live_campaign(app, brand, trigger=EVERYBODY, holdout=1)
    clock.step_to(OPEN)
    b.planned(app, brand)
    with app.means.database.begin(brand) as tx:
        ledger = reconcile(tx)
    assert ledger.accounts["reminder"].skipped == {"holdout": 6}
    assert ledger.closes


def test_a_recurring_audience_passes_each_time_and_once_in_a_lifetime_where_so_said(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    people(app, brand, 1)
    daily = {"audience": "all", "every": "day", "at": "09:00"}
    b.a_live_campaign(app, brand, "daily", trigger=daily)
    b.a_live_campaign(app, brand, "once", trigger=daily | {"once_per": "person"})
    for days in range(4):
        clock.step_to(b.NOON + timedelta(days=days))
        b.planned(app, brand)
    with app.means.database.begin(brand) as tx:
        accounts = reconcile(tx).accounts
    assert accounts["daily"].candidates == 4
    assert accounts["once"].candidates == 1


@pytest.mark.parametrize(("once_per", "left_alone"), [("occasion", 4), ("person", 1)])
def test_who_is_left_alone_counts_as_often_as_others_pass(
    app: Outreach, brand: BrandRef, clock: SteppedClock, once_per: str, left_alone: int
) -> None:
    people(app, brand, 1)
    daily = {"audience": "all", "every": "day", "at": "09:00", "once_per": once_per}
    b.a_live_campaign(app, brand, trigger=daily, holdout=1)
    for days in range(4):
        clock.step_to(b.NOON + timedelta(days=days))
        b.planned(app, brand)
    with app.means.database.begin(brand) as tx:
        ledger = reconcile(tx)
    assert ledger.accounts["reminder"].skipped == {"holdout": left_alone}
    assert ledger.closes


def test_a_paused_campaign_is_planned_when_it_goes_on(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    people(app, brand, 1)
    b.a_live_campaign(app, brand, trigger=EVERYBODY)
    b.planned(app, brand)
    with app.means.database.begin(brand) as tx:
        campaigns.pause(tx, app.means.book, "reminder")
    clock.step_to(OPEN)
    b.planned(app, brand)
    assert (passages(app, brand), wanted(app)) == (0, False)
    with app.means.database.begin(brand) as tx:
        under_way.resume(tx, app.means.book, "reminder", now=clock())
    b.planned(app, brand)
    assert passages(app, brand) == 1


def test_a_new_version_repeats_nobody(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """The name of a passage holds the campaign and the occasion, and not the version."""
    people(app, brand, 2)
    b.a_live_campaign(app, brand, trigger=EVERYBODY)
    clock.step_to(OPEN)
    b.planned(app, brand)
    b.a_live_campaign(app, brand, trigger=EVERYBODY, priority=80)
    b.planned(app, brand)
    assert passages(app, brand) == 2


def test_what_leaves_is_explained_and_the_account_closes(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """The text knows the occasion as it knows any event."""
    people(app, brand, 1)
    b.a_text(app, brand, "news", "It is {{ event.data.date }}.")
    b.a_live_campaign(app, brand, trigger=EVERYBODY, steps=[b.a_step(template="news")])
    clock.step_to(OPEN)
    b.planned(app, brand)
    clock.step_to(datetime(2026, 3, 12, 14, tzinfo=UTC))
    b.everything_due(app)
    assert b.fates(app, brand) == [("email", "sent", None)]
    with app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes
