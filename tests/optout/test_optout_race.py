"""Can a withdrawal and a mark overtake each other? Two sessions on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import Connection, Engine, text

from optout import sql
from optout.identity import Hasher, Identity
from optout.model import Channel, How, Kind, Purpose, Reason
from optout.registry import Registry

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Desk:
    """One address, and what may happen to it."""

    def __init__(self, engine: Engine, hasher: Hasher, name: str) -> None:
        self.engine = engine
        self.registry = Registry(sql, hasher)
        self.jo = Identity(Kind.HANDLE, name)
        self.hashes = hasher.all(self.jo)

    @contextmanager
    def speaking(self, brand: str | None = "north") -> Iterator[Connection]:
        with self.engine.begin() as tx:
            sql.speak_for(tx, brand=brand, agency=brand is None)
            yield tx

    def mark(self, tx: Connection, brand: str = "north") -> Reason:
        self.registry.mark(tx, brand=brand, hashes=self.hashes)
        question = self.registry.question(
            brand=brand, identity=self.jo, channel=Channel.CHAT, purpose=Purpose.SERVICE
        )
        return self.registry.ask(tx, question).reason

    def withdraw(self, tx: Connection, brand: str | None = "north") -> None:
        self.registry.withdraw(
            tx, brand=brand, identity=self.jo, how=How.REPLY, evidence="msg", effective_at=T0
        )

    def withdraw_and_commit(self, brand: str | None = "north") -> None:
        with self.speaking(brand) as tx:
            self.withdraw(tx, brand)

    def mark_and_commit(self, brand: str = "north") -> Reason:
        with self.speaking(brand) as tx:
            return self.mark(tx, brand)

    def somebody_waits(self) -> bool:
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        waiting += " and datname = current_database()"
        with self.engine.begin() as tx:
            return bool(tx.execute(text(waiting)).scalar())


@pytest.fixture
def desk(engine: Engine, hasher: Hasher, emptied: None) -> Desk:
    return Desk(engine, hasher, "jo")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def wait_until(true: Callable[[], bool]) -> None:
    pause = Event()
    assert any(true() or pause.wait(0.01) for _ in range(1000))


def waits(desk: Desk, done: Future) -> bool:
    wait_until(lambda: done.done() or desk.somebody_waits())
    return not done.done()


@pytest.mark.parametrize("withdrawn_from", ["north", None])
def test_a_mark_holds_a_withdrawal_back_until_it_commits(
    desk: Desk, threads: ThreadPoolExecutor, withdrawn_from: str | None
) -> None:
    """What is marked is written down before the withdrawal is, so the drain finds it."""
    with desk.speaking() as tx:
        assert desk.mark(tx) is Reason.CONTRACT
        withdrawal = threads.submit(desk.withdraw_and_commit, withdrawn_from)
        assert waits(desk, withdrawal)
        assert desk.mark(tx) is Reason.CONTRACT
    withdrawal.result(10)
    assert desk.mark_and_commit() is Reason.WITHDRAWN


@pytest.mark.parametrize("withdrawn_from", ["north", None])
def test_a_mark_waits_for_a_withdrawal_under_way_and_sees_it(
    desk: Desk, threads: ThreadPoolExecutor, withdrawn_from: str | None
) -> None:
    """The withdrawal came first, if only just: the mark reads what it wrote."""
    with desk.speaking(withdrawn_from) as tx:
        desk.withdraw(tx, withdrawn_from)
        mark = threads.submit(desk.mark_and_commit)
        assert waits(desk, mark)
    assert mark.result(10) is Reason.WITHDRAWN


def test_a_withdrawal_that_is_rolled_back_never_was(
    desk: Desk, threads: ThreadPoolExecutor
) -> None:
    """Only what was committed counts; nothing is half withdrawn."""
    with desk.engine.connect() as connection, connection.begin() as transaction:
        sql.speak_for(connection, brand="north")
        desk.withdraw(connection)
        mark = threads.submit(desk.mark_and_commit)
        assert waits(desk, mark)
        transaction.rollback()
    assert mark.result(10) is Reason.CONTRACT


def test_brands_do_not_wait_for_each_other(desk: Desk, threads: ThreadPoolExecutor) -> None:
    """They share the agency's gate; each takes its own."""
    desk.mark_and_commit("north"), desk.mark_and_commit("south")
    with desk.speaking("north") as tx:
        desk.mark(tx, "north")
        assert threads.submit(desk.mark_and_commit, "south").result(10) is Reason.CONTRACT
        threads.submit(desk.withdraw_and_commit, "south").result(10)


def test_marks_of_one_brand_take_turns_at_an_address(
    desk: Desk, threads: ThreadPoolExecutor
) -> None:
    """So what the second counts (attempts, caps) includes what the first wrote."""
    with desk.speaking() as tx:
        desk.mark(tx)
        second = threads.submit(desk.mark_and_commit)
        assert waits(desk, second)
    assert second.result(10) is Reason.CONTRACT


def test_no_order_of_marks_and_changes_locks_up(
    desk: Desk, threads: ThreadPoolExecutor, hasher: Hasher
) -> None:
    """Overlapping handfuls in every order, gates still to be made: all come through."""
    hashes = [hasher.hash(Identity(Kind.HANDLE, f"storm-{number}")) for number in range(12)]

    def mark(start: int) -> None:
        handful = [hashes[(start * 5 + step) % 12] for step in range(8)]
        with desk.speaking() as tx:
            sql.lock_for_mark(tx, brand="north", hashes=handful)

    def change(start: int) -> None:
        brand = None if start % 2 else "north"
        handful = [hashes[(start * 7 - step) % 12] for step in range(5)]
        with desk.speaking(brand) as tx:
            sql.lock_for_change(tx, brand=brand, hashes=handful)

    for done in [threads.submit((mark, change)[n % 3 == 0], n) for n in range(60)]:
        done.result(20)
