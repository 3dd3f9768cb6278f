"""Does what was marked and had not begun go back, and never what may have been called?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from optout.model import Channel
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.channels.protocol import Accepted, Answer, Outgoing
from outreach.db.engine import BrandRef
from outreach.dispatch import begun, claims, lineage, reaping, send, store, stride
from outreach.dispatch.begun import FEW
from outreach.dispatch.means import Look
from outreach.dispatch.model import Touch
from tests import builders as b
from tests.waiting import wait_until

_BRANDS = count(1)
PEOPLE = 2 * FEW + 1
LATER = b.NOON + timedelta(days=1)
_RUN_OUT = text("update outreach.touches set lease_until = now() - interval '1 s'")


class _DiedError(Exception):
    """The worker is gone, between two lines."""


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast the ways out of tests are, calls begin by the few."""
    monkeypatch.setattr(stride, "MOST", FEW)


@pytest.fixture
def brand(shared_app: Outreach) -> BrandRef:
    brand = b.a_brand(shared_app, f"begun-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    people = [b.a_person(shared_app, brand) for _ in range(PEOPLE)]
    b.accepted(shared_app, brand, *(b.an_event(shared_app, brand, p, parcel=p.ref) for p in people))
    return brand


def killed_in_call(app: Outreach, brand: BrandRef, number: int) -> int:
    """A worker that dies in its n-th call; answers how many calls it made."""
    made: list[str] = []

    def decide(one: Outgoing) -> Answer:
        made.append(one.touch_id)
        if len(made) == number:
            raise _DiedError
        return Accepted(one.touch_id)

    with pytest.raises(_DiedError):
        send.dispatch(b.through(app, Channel.EMAIL, decide).means, Look(brand, Channel.EMAIL))
    return len(made)


@pytest.mark.parametrize(
    ("number", "sent", "doubtful"), [(1, 0, 4), (4, 3, 1), (5, 4, 4), (9, 8, 1)]
)
def test_a_worker_that_dies_in_a_call_leaves_a_few_in_doubt_and_the_rest_waiting(
    shared_app: Outreach, brand: BrandRef, number: int, sent: int, doubtful: int
) -> None:
    """Only those noted as begun with the call may have been called."""
    killed_in_call(shared_app, brand, number)
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(_RUN_OUT)
        assert reaping.reap(tx, now=b.NOON) == (PEOPLE - sent - doubtful, doubtful)
    states = [state for _, state, _ in b.fates(shared_app, brand)]
    assert (states.count("sent"), states.count("uncertain")) == (sent, doubtful)
    assert states.count("planned") == PEOPLE - sent - doubtful


def test_what_went_back_unbegun_does_not_count_as_an_attempt(
    shared_app: Outreach, brand: BrandRef
) -> None:
    """Caps count what may have reached somebody."""
    killed_in_call(shared_app, brand, 1)
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(_RUN_OUT)
        reaping.reap(tx, now=b.NOON)
        counting = text("select count(*) from outreach.attempts where outcome <> 'refused'")
        assert tx.execute(counting).scalar_one() == FEW


def marked(app: Outreach, brand: BrandRef) -> list[Touch]:
    """Touches that were marked, and whose calls have not begun."""
    killed_in_call(app, brand, 1)
    with app.means.database.begin(brand) as tx:
        waiting = text("select touch_id from outreach.attempts where begun_at is null")
        keys = list(tx.execute(waiting).scalars())
        return list(claims.get(tx, keys).values())


def test_a_worker_that_comes_back_late_may_not_begin_what_was_taken_back(
    shared_app: Outreach, brand: BrandRef
) -> None:
    """It was paused past its lease: noting the call fails, so there is no call."""
    waiting = marked(shared_app, brand)
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(_RUN_OUT)
        reaping.reap(tx, now=b.NOON)
    with shared_app.means.database.begin(brand) as tx:
        assert begun.begin(tx, waiting, now=b.NOON) == set()


def test_after_a_promotion_nothing_that_was_marked_is_taken_back(
    shared_app: Outreach, brand: BrandRef
) -> None:
    """The note that a call began may be among what is missing: all of it is in doubt."""
    waiting = marked(shared_app, brand)
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.brands set lineage = 'elsewhere'"))
        tx.execute(_RUN_OUT)
        assert reaping.reap(tx, now=b.NOON) == (0, 0)
        assert store.take_back(tx, [touch.id for touch in waiting], now=b.NOON) == 0
        window = timedelta(seconds=1)
        assert lineage.take_stock(tx, brands.get(tx), now=LATER, window=window) == PEOPLE
        in_air = text("select count(*) from outreach.attempts where outcome is null")
        assert tx.execute(in_air).scalar_one() == 0
        assert begun.begin(tx, waiting, now=LATER) == set()
    assert b.fates(shared_app, brand) == [("email", "uncertain", "promoted")] * PEOPLE


def test_another_claims_fence_may_not_begin_a_call(shared_app: Outreach, brand: BrandRef) -> None:
    """The same touch under an older number is not this worker's any more."""
    older = [replace(touch, fence=touch.fence - 1) for touch in marked(shared_app, brand)]
    with shared_app.means.database.begin(brand) as tx:
        assert begun.begin(tx, older, now=b.NOON) == set()


def test_whoever_takes_back_waits_for_whoever_begins_and_then_leaves_it(
    shared_app: Outreach, brand: BrandRef
) -> None:
    """The note was first, by a hair: the touch is in the call, and not free."""
    waiting = marked(shared_app, brand)
    database = shared_app.means.database

    def taken_back() -> list[object]:
        with database.begin(brand) as tx:
            return list(begun.take_back(tx, [touch.id for touch in waiting], now=b.NOON))

    with ThreadPoolExecutor(1) as pool:
        with database.begin(brand) as tx:
            assert len(begun.begin(tx, waiting, now=b.NOON)) == len(waiting)
            taking = pool.submit(taken_back)
            wait_until(lambda: somebody_waits(shared_app))
        assert taking.result() == []


def somebody_waits(app: Outreach) -> bool:
    waiting = text("""
        select count(*) from pg_stat_activity
        where wait_event_type = 'Lock' and datname = current_database()
    """)
    with app.means.database.engine.begin() as tx:
        return bool(tx.execute(waiting).scalar_one())
