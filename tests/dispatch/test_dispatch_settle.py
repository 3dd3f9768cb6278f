"""Is every answer written down, in time, and only by the worker whose call it was?"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from optout.model import Channel
from outreach import ids
from outreach.app import Outreach
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.db.engine import BrandRef, Database
from outreach.dispatch import claims, reaping, send, settle, store
from outreach.dispatch.means import Look
from outreach.errors import Trouble
from outreach.reports.reconcile import reconcile
from tests import builders as b

_BRANDS = count(1)


def test_an_answer_does_not_wait_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that is slow with the second keeps nobody from writing down the first."""
    monkeypatch.setattr(settle, "_SETTLE_EVERY", 0.01)
    written = Event()

    def answers() -> Iterator[tuple[str, Answer]]:
        yield "one", Accepted("1")
        assert written.wait(10)
        yield "two", Accepted("2")

    groups = settle.by_the_second(answers())
    assert [id_ for id_, _ in next(groups)] == ["one"]
    written.set()
    assert [id_ for some in groups for id_, _ in some] == ["two"]


def test_answers_that_come_together_are_written_together() -> None:
    """One statement for a handful."""
    said = [(str(number), Accepted("1")) for number in range(16)]
    assert list(settle.by_the_second(iter(said))) == [said]
    assert list(settle.by_the_second(iter(()))) == []


def test_an_end_at_the_last_instant_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last answer comes when the time of a group is over, just before its bell is put back."""
    monkeypatch.setattr(settle, "_SETTLE_EVERY", 0)
    coming, first, last = settle.Coming(), ("one", Accepted("1")), ("two", Accepted("2"))

    class Late(Event):
        def clear(self) -> None:
            if not coming.over.is_set():
                coming.draw([last])
            super().clear()

    coming.came.put(first)
    coming.some = Late()
    coming.some.set()
    assert list(coming.groups()) == [[first, last]]


def test_what_breaks_between_answers_loses_none_that_came() -> None:
    """What was said before is written down, and then the fault is told."""

    def answers() -> Iterator[tuple[str, Answer]]:
        yield "one", Accepted("1")
        raise RuntimeError("a fault of ours")

    groups = settle.by_the_second(answers())
    assert [id_ for id_, _ in next(groups)] == ["one"]
    with pytest.raises(RuntimeError, match="of ours"):
        next(groups)


def answered_late(app: Outreach, answer: Answer) -> tuple[BrandRef, UUID]:
    """A touch whose call took longer than its lease: the reaper was there before the answer."""
    brand = b.a_brand(app, f"settle-{next(_BRANDS)}")
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    seen = []

    def decide(one: Outgoing) -> Answer:
        seen.append(ids.read(ids.TOUCH, one.touch_id))
        with app.means.database.begin(brand) as tx:
            tx.execute(text("update outreach.touches set lease_until = now() - interval '1 s'"))
            assert reaping.reap(tx, now=b.NOON) == (0, 1)
        return answer

    send.dispatch(b.through(app, Channel.EMAIL, decide).means, Look(brand, Channel.EMAIL))
    return brand, seen[0]


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Accepted("1"), ("sent", None)),
        (Refused("rejected", "550", permanent=True), ("failed", "rejected")),
        (Refused("busy", "429", permanent=False), ("uncertain", "worker_gone")),
        (Uncertain("no answer"), ("uncertain", "worker_gone")),
    ],
)
def test_an_answer_after_the_reaper_ends_the_doubt_or_leaves_it(
    shared_app: Outreach, answer: Answer, fate: tuple[str, str | None]
) -> None:
    """Sent and failed are news; back to waiting it does not go, or it could be sent twice."""
    brand, _ = answered_late(shared_app, answer)
    assert b.fates(shared_app, brand) == [("email", *fate)]
    with shared_app.means.database.begin(brand) as tx:
        assert reconcile(tx).closes


def test_a_late_answer_is_kept_as_evidence(shared_app: Outreach) -> None:
    """Whoever looks into the doubt finds what the provider said."""
    brand, _ = answered_late(shared_app, Refused("busy", "429 slow down", permanent=False))
    with shared_app.means.database.begin(brand) as tx:
        row = tx.execute(text("select outcome::text, detail from outreach.attempts")).one()
    assert (row.outcome, row.detail) == ("refused", "busy: 429 slow down")


def test_an_answer_under_an_old_fence_moves_nothing(shared_app: Outreach) -> None:
    """Another worker holds it by now."""
    brand, touch = answered_late(shared_app, Uncertain("no answer"))
    with shared_app.means.database.begin(brand) as tx:
        tx.execute(text("update outreach.touches set state = 'calling', fence = 2"))
        assert store.settle(tx, [store.Moved(touch, 1, "sent")], now=b.NOON) == set()


def test_a_claim_whose_worker_died_goes_back(shared_app: Outreach) -> None:
    """Nothing was called, so it is simply due again; a claim in force stays."""
    brand = b.a_brand(shared_app, f"settle-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, b.a_person(shared_app, brand)))
    claim = {"channel": Channel.EMAIL, "now": b.NOON, "limit": 10}
    with shared_app.means.database.begin(brand) as tx:
        assert len(claims.claim_due(tx, **claim, lease=timedelta(seconds=60))) == 1  # type: ignore[arg-type]  # as named
        assert reaping.reap(tx, now=b.NOON) == (0, 0)
        tx.execute(text("update outreach.touches set lease_until = now() - interval '1 s'"))
        assert reaping.reap(tx, now=b.NOON) == (1, 0)
    assert b.fates(shared_app, brand) == [("email", "planned", None)]


class BrieflyAway(Database):
    """The real database, which cannot be reached the first few times somebody settles."""

    def __init__(self, real: Database, times: int) -> None:
        self.engine, self.vault = real.engine, real.vault
        self.left, self.called = times, False

    @contextmanager
    def begin(self, brand: BrandRef) -> Iterator[Connection]:
        if self.called and self.left:
            self.left -= 1
            raise Trouble("the database is starting up")
        with super().begin(brand) as tx:
            yield tx


@pytest.mark.parametrize(("times", "fate"), [(2, "sent"), (3, "calling")])
def test_an_answer_is_written_down_when_the_database_comes_back(
    shared_app: Outreach, monkeypatch: pytest.MonkeyPatch, times: int, fate: str
) -> None:
    """A provider says only once that it took a message; patience ends, and then it is in doubt."""
    monkeypatch.setattr(send, "_AGAIN", (0.0, 0.0))
    brand = b.a_brand(shared_app, f"settle-{next(_BRANDS)}")
    b.a_live_campaign(shared_app, brand)
    b.accepted(shared_app, brand, b.an_event(shared_app, brand, b.a_person(shared_app, brand)))
    away = BrieflyAway(shared_app.means.database, times)

    def decide(_: Outgoing) -> Answer:
        away.called = True
        return Accepted("1")

    app = b.through(shared_app, Channel.EMAIL, decide)
    with pytest.raises(Trouble) if fate == "calling" else nullcontext():
        send.dispatch(replace(app.means, database=away), Look(brand, Channel.EMAIL))
    assert [state for _, state, _ in b.fates(shared_app, brand)] == [fate]


def test_the_reaper_waits_for_nobody_who_is_dealing_with_a_touch(shared_app: Outreach) -> None:
    """What is locked by whoever settles or marks it is left alone, and taken the next time."""
    app = shared_app
    brand = b.a_brand(app, f"settle-{next(_BRANDS)}")
    b.a_live_campaign(app, brand)
    people = [b.a_person(app, brand) for _ in range(3)]
    b.accepted(app, brand, *(b.an_event(app, brand, p, parcel=p.ref) for p in people))
    with app.means.database.begin(brand) as tx:
        tx.execute(
            text("""
                update outreach.touches set fence = 1, lease_until = now() - interval '1 s',
                    state = 'claimed'
            """)
        )
    with app.means.database.begin(brand) as other:
        [held] = other.execute(text("select id from outreach.touches limit 1 for update")).scalars()
        with app.means.database.begin(brand) as tx:
            assert reaping.reap(tx, now=b.NOON) == (2, 0)
    with app.means.database.begin(brand) as tx:
        assert reaping.reap(tx, now=b.NOON) == (1, 0)
    assert held
