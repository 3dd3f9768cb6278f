"""A passage waits, and goes on once: by its event or by time, whoever looks first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.campaigns import store as campaigns
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.enrolments import intake, under_way
from outreach.enrolments.enrol import enrol
from outreach.enrolments.moving import Moved
from outreach.enrolments.under_way import Activated
from outreach.people.model import Person
from outreach.reports import explain, reconcile
from tests import builders as b
from tests.waiting import wait_until

DAY = timedelta(days=1)
ASK = b.a_step("ask", kind="survey", survey="nps", purpose="service")
WAIT = {"key": "answer", "kind": "wait", "until": {"event": "survey.answered"}, "at_most": "7 d"}
HAPPY = {
    "key": "how", "kind": "branch", "about": "wait",
    "ways": [{
        "when": {"field": "event.data.score", "operator": "at_least", "value": 9},
        "steps": [b.a_step("thanks")],
    }],
    "else": {"steps": [b.a_step("sorry", channels=["sms"])]},
}  # fmt: skip
STEPS = [ASK, WAIT, HAPPY]


@pytest.fixture
def brand(app: Outreach) -> BrandRef:
    return b.a_brand(app)


def begun(app: Outreach, brand: BrandRef, **changes: object) -> Person:
    """Somebody who was asked, in a campaign that waits for the answer."""
    b.a_live_campaign(app, brand, **({"steps": STEPS} | changes))
    person = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, person))
    return person


def answers(app: Outreach, brand: BrandRef, person: Person, score: int) -> None:
    event = b.an_event(app, brand, person, "survey.answered", survey="S-1", score=score)
    b.accepted(app, brand, event)


def looked(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return enrol(tx, app.means.book, brand, now=app.means.clock())


def account(app: Outreach, brand: BrandRef) -> reconcile.Account:
    with app.means.database.begin(brand) as tx:
        ledger = reconcile.reconcile(tx)
    assert ledger.closes
    return ledger.accounts["reminder"]


def activated(app: Outreach, brand: BrandRef, **changes: object) -> Activated:
    """A newer version, live, with everybody moved to it."""
    with app.means.database.begin(brand) as tx:
        campaigns.put(tx, brand, b.written(**changes), name="reminder")
        now = app.means.clock()
        return under_way.activate(tx, app.means.book, brand, "reminder", now=now, move=True)


def blocked(app: Outreach, brand: BrandRef) -> bool:
    """Whether somebody waits for what another transaction holds."""
    asked = "select exists (select from pg_stat_activity where pg_blocking_pids(pid) <> '{}')"
    with app.means.database.begin(brand) as tx:
        return bool(tx.execute(text(asked)).scalar_one())


def channels(app: Outreach, brand: BrandRef) -> list[tuple[str, str]]:
    return [(channel, state) for channel, state, _ in b.fates(app, brand)]


def test_who_waits_is_shown_and_nothing_is_planned_for_them(app: Outreach, brand: BrandRef) -> None:
    """The sums close: what comes after a wait is no candidate before the wait is over."""
    begun(app, brand)
    assert channels(app, brand) == [("email", "planned")]
    told = account(app, brand)
    assert (told.candidates, told.passages_at_a_wait) == (1, 1)


@pytest.mark.parametrize(("score", "channel"), [(10, "email"), (2, "sms")])
def test_an_answer_decides_what_comes_next(
    app: Outreach, brand: BrandRef, clock: SteppedClock, score: int, channel: str
) -> None:
    person = begun(app, brand)
    clock.step_to(b.NOON + DAY)
    answers(app, brand, person, score)
    assert channels(app, brand) == [("email", "planned"), (channel, "planned")]
    told = account(app, brand)
    assert (told.candidates, told.passages_at_a_wait) == (2, 0)


def test_time_runs_out(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    """The look that plans new events is asked for, and the next one finds nothing."""
    begun(app, brand)
    assert looked(app, brand) == 0
    with app.means.database.watch() as tx:
        assert due.pulse(tx, now=clock()).next_due_at == b.NOON
    clock.step_to(b.NOON + 7 * DAY)
    with app.means.database.watch() as tx:
        assert [one.key for one in due.wanted(tx, now=clock()).pending] == [brand.key]
    assert looked(app, brand) == 1
    assert channels(app, brand) == [("email", "planned"), ("sms", "planned")]
    assert looked(app, brand) == 0


def test_an_answer_that_comes_too_late_changes_nothing(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    person = begun(app, brand)
    clock.step_to(b.NOON + 8 * DAY)
    answers(app, brand, person, 10)
    assert channels(app, brand) == [("email", "planned"), ("sms", "planned")]


def test_an_answer_in_time_counts_though_nobody_looked_meanwhile(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Both are there when somebody looks at last; the event happened before the wait ran out."""
    person = begun(app, brand)
    clock.step_to(b.NOON + 8 * DAY)
    early = b.an_event(
        app, brand, person, "survey.answered", b.NOON + DAY, survey="S-1", score=10
    )  # fmt: skip
    b.accepted(app, brand, early)
    assert channels(app, brand) == [("email", "planned"), ("email", "planned")]


def test_many_workers_go_on_once(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    b.a_live_campaign(app, brand, steps=STEPS)
    for number in range(20):
        person = b.a_person(app, brand)
        b.accepted(app, brand, b.an_event(app, brand, person, parcel=f"P-{number}"))
    clock.step_to(b.NOON + 7 * DAY)
    with ThreadPoolExecutor(4) as pool:
        for turn in [pool.submit(looked, app, brand) for _ in range(8)]:
            turn.result()
    while looked(app, brand):
        pass
    told = account(app, brand)
    assert (told.candidates, told.passages_at_a_wait) == (40, 0)


def test_an_exit_ends_the_wait_too(app: Outreach, brand: BrandRef, clock: SteppedClock) -> None:
    person = begun(app, brand, exits=[{"event": "order.refunded"}])
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded"))
    clock.step_to(b.NOON + 7 * DAY)
    assert looked(app, brand) == 0
    assert channels(app, brand) == [("email", "cancelled")]
    assert account(app, brand).passages_at_a_wait == 0


def test_ending_the_campaign_ends_the_wait(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    begun(app, brand)
    with app.means.database.begin(brand) as tx:
        under_way.end(tx, app.means.book, "reminder", now=clock())
    clock.step_to(b.NOON + 7 * DAY)
    assert looked(app, brand) == 0


@pytest.mark.parametrize("answered", [False, True])
def test_a_campaign_that_ends_while_a_wait_does_gets_nothing_more(
    app: Outreach,
    brand: BrandRef,
    clock: SteppedClock,
    answered: bool,  # noqa: FBT001
) -> None:
    """Whoever goes on waits for whoever ends it, and finds nothing open; by time or by an event."""
    person = begun(app, brand)
    clock.step_to(b.NOON + 7 * DAY)
    with app.means.database.begin(brand) as tx:
        under_way.pause(tx, app.means.book, "reminder")
        if answered:
            answer = b.an_event(app, brand, person, "survey.answered", survey="S-1", score=10)
            intake.accept(tx, brand, [answer], source="shop", refused=0, now=clock())
    with ThreadPoolExecutor(1) as pool:
        with app.means.database.begin(brand) as tx:
            under_way.end(tx, app.means.book, "reminder", now=clock())
            looking = pool.submit(looked, app, brand)
            wait_until(lambda: blocked(app, brand))
        looking.result()
    assert channels(app, brand) == [("email", "cancelled")]
    assert account(app, brand).candidates == 1


@pytest.mark.parametrize(("reason", "state"), [("exchange", "planned"), ("unhappy", "cancelled")])
def test_an_exit_may_ask_a_condition(
    app: Outreach, brand: BrandRef, reason: str, state: str
) -> None:
    unless = {"field": "event.data.reason", "operator": "is_not", "value": "exchange"}
    exits = [{"event": "order.refunded", "same": "parcel", "condition": unless}]
    person = begun(app, brand, exits=exits)
    b.accepted(app, brand, b.an_event(app, brand, person, "order.refunded", reason=reason))
    assert channels(app, brand) == [("email", state)]


def test_who_is_moved_gets_the_new_steps_that_are_ahead(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Not those whose instant has passed; counted, and the sums close."""
    begun(app, brand, steps=[b.a_step("first", after="3 d")])
    clock.step_to(b.NOON + DAY)
    steps = [b.a_step("missed"), b.a_step("first", after="3 d"), b.a_step("new", after="5 d")]
    done = activated(app, brand, steps=steps)
    assert done.moved == Moved(passages=1, replanned=1, cancelled=0, planned=1)
    assert account(app, brand).candidates == 2
    again = activated(app, brand, steps=steps[1:])
    assert again.moved == Moved(passages=1, replanned=2, cancelled=0, planned=0)


def test_who_waits_is_moved_and_waits_as_the_new_version_says(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    """Who has answered does not wait again; who has not waits for as long as is written now."""
    person = begun(app, brand)
    waiting = b.a_person(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, waiting, parcel="P-2"))
    clock.step_to(b.NOON + DAY)
    answers(app, brand, person, 10)
    steps = [ASK, WAIT | {"at_most": "2 d"}, HAPPY, b.a_step("last", after="1 d")]
    done = activated(app, brand, steps=steps)
    assert (done.moved.passages, done.moved.planned) == (2, 1)
    clock.step_to(b.NOON + 2 * DAY)
    assert looked(app, brand) == 1
    with app.means.database.begin(brand) as tx:
        ended = tx.execute(text("select count(*) from outreach.waits where ended_at is not null"))
        assert ended.scalar_one() == 2
    assert account(app, brand).passages_at_a_wait == 0


def test_what_follows_waits_for_a_glance_as_the_first_contact_does(
    app: Outreach, brand: BrandRef, clock: SteppedClock
) -> None:
    begun(app, brand, ramp={"first": 1, "then": 0.5})
    clock.step_to(b.NOON + 7 * DAY)
    looked(app, brand)
    assert {reason for *_, reason in b.fates(app, brand)} == {"awaiting_glance"}


def test_a_wait_is_explained(app: Outreach, brand: BrandRef) -> None:
    person = begun(app, brand)
    with app.means.database.begin(brand) as tx:
        told = explain.person(tx, app.means, brands.get(tx), person.id, language="en")
    [wait] = told.waits
    assert wait["sentence"] == (
        "It waits for survey.answered, until 2026-03-17 12:00 UTC at the latest."
    )
