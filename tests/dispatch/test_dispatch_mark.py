"""Do marks, withdrawals and exits wait for each other, so that none overtakes the other?"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import TypeVar

import pytest
from sqlalchemy import Connection, text

from optout.model import Action, Channel, How
from outreach import ids
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.db.engine import BrandRef
from outreach.dispatch import claims, reaping, wording
from outreach.dispatch.facts import gather
from outreach.dispatch.mark import Call, mark
from outreach.dispatch.wording import Ready
from outreach.inbound import consent
from outreach.inbound.consent import Change, Changed, change_person
from outreach.people.model import Person
from tests import builders as b
from tests.waiting import wait_until

T = TypeVar("T")
_BRANDS = count(1)


class Desk:
    """One brand with one person and one mail that is due, and what may happen to them."""

    def __init__(self, app: Outreach) -> None:
        self.app = app
        self.means = app.means
        self.brand: BrandRef = b.a_brand(app, f"mark-{next(_BRANDS)}")
        b.a_live_campaign(app, self.brand, exits=[{"event": "order.refunded"}])
        self.person: Person = b.a_person(app, self.brand)
        b.accepted(app, self.brand, b.an_event(app, self.brand, self.person))

    def claimed(self) -> list[Ready]:
        with self.means.database.begin(self.brand) as tx:
            lease = timedelta(seconds=60)
            touches = claims.claim_due(tx, channel=Channel.EMAIL, now=b.NOON, limit=10, lease=lease)
            gathered = gather(tx, self.means, brands.get(tx), touches, now=b.NOON)
            words = wording.collect(tx, self.means, brands.get(tx), touches, gathered)
        return [one for one in map(wording.fill, words) if isinstance(one, Ready)]

    def mark(self, tx: Connection, ready: list[Ready]) -> list[Call]:
        return mark(tx, self.means, brands.get(tx), ready, deadline=0)

    def withdraw(self) -> Changed:
        change = Change(Action.WITHDRAW, How.API, "test")
        return change_person(self.means, self.brand, self.person.id, change)

    def refund(self) -> None:
        event = b.an_event(self.app, self.brand, self.person, "order.refunded")
        b.accepted(self.app, self.brand, event)

    def fate(self) -> tuple[str, str | None]:
        ((_, state, reason),) = b.fates(self.app, self.brand)
        return state, reason

    def waits(self, done: Future[T]) -> bool:
        wait_until(lambda: done.done() or self._somebody_waits())
        return not done.done()

    def _somebody_waits(self) -> bool:
        waiting = text("""
            select count(*) from pg_stat_activity
            where wait_event_type = 'Lock' and datname = current_database()
        """)
        with self.means.database.engine.begin() as tx:
            return bool(tx.execute(waiting).scalar_one())


@pytest.fixture
def desk(shared_app: Outreach, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(consent, "PATIENCE", timedelta(milliseconds=50))
    return Desk(shared_app)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def test_a_withdrawal_waits_for_a_mark_and_then_names_its_call(
    desk: Desk, thread: ThreadPoolExecutor
) -> None:
    """The mark was first: the call is in the air, and whoever withdrew hears so."""
    ready = desk.claimed()
    with desk.means.database.begin(desk.brand) as tx:
        (call,) = desk.mark(tx, ready)
        withdrawing = thread.submit(desk.withdraw)
        assert desk.waits(withdrawing)
    assert withdrawing.result().in_air == (ids.shown(ids.TOUCH, call.touch.id),)
    assert desk.fate() == ("calling", None)


def test_a_mark_waits_for_a_withdrawal_and_heeds_it(desk: Desk, thread: ThreadPoolExecutor) -> None:
    """The withdrawal was first: nothing is marked after it."""
    ready = desk.claimed()

    def marked() -> list[Call]:
        with desk.means.database.begin(desk.brand) as tx:
            return desk.mark(tx, ready)

    with desk.means.database.begin(desk.brand) as tx:
        for address in sorted(desk.person.addresses, key=lambda a: a.hash):
            desk.means.registry.withdraw(
                tx, brand=desk.brand.key, identity=address.identity, how=How.API,
                evidence="test", effective_at=b.NOON,
            )  # fmt: skip
        marking = thread.submit(marked)
        assert desk.waits(marking)
    assert marking.result() == []
    assert desk.fate() == ("skipped", "withdrawn")


def test_an_attempt_is_written_before_its_call(desk: Desk) -> None:
    """Under the fence of its claim, without an outcome, and with the hash of what is said."""
    ready = desk.claimed()
    with desk.means.database.begin(desk.brand) as tx:
        (call,) = desk.mark(tx, ready)
    with desk.means.database.begin(desk.brand) as tx:
        row = tx.execute(text("select * from outreach.attempts")).one()
    assert (row.touch_id, row.fence, row.outcome) == (call.touch.id, 1, None)
    assert bytes(row.content_hash) == ready[0].content.digest
    assert call.outgoing.valid_until == call.touch.useless_after


def test_a_claim_that_was_given_to_another_marks_nothing(desk: Desk) -> None:
    """The lease ran out meanwhile: the fence is another one, and nothing is written either."""
    ready = desk.claimed()
    lose_the_lease(desk, "claimed")
    with desk.means.database.begin(desk.brand) as tx:
        reaping.reap(tx, now=b.NOON)
    again = desk.claimed()
    with desk.means.database.begin(desk.brand) as tx:
        assert desk.mark(tx, ready) == []
        assert tx.execute(text("select count(*) from outreach.verdicts")).scalar_one() == 0
        (call,) = desk.mark(tx, again)
    assert call.touch.fence == 2


def test_an_exit_and_a_mark_take_turns(desk: Desk, thread: ThreadPoolExecutor) -> None:
    """The mark was first: the exit ends the passage and leaves the call alone."""
    ready = desk.claimed()
    with desk.means.database.begin(desk.brand) as tx:
        desk.mark(tx, ready)
        refunding = thread.submit(desk.refund)
        wait_until(refunding.done)
    assert desk.fate() == ("calling", None)
    desk.refund()
    assert desk.fate() == ("calling", None)


def test_an_exit_before_the_mark_leaves_nothing_to_mark(desk: Desk) -> None:
    """The claim is out of the worker's hands."""
    ready = desk.claimed()
    desk.refund()
    with desk.means.database.begin(desk.brand) as tx:
        assert desk.mark(tx, ready) == []
    assert desk.fate() == ("cancelled", "exit:order.refunded")


def lose_the_lease(desk: Desk, state: str) -> None:
    with desk.means.database.begin(desk.brand) as tx:
        tx.execute(
            text("""
            update outreach.touches set lease_until = now() - interval '1 s'
            where state = cast(:state as outreach.touch_state)
        """),
            {"state": state},
        )
