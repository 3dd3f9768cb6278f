"""Withdrawals and marks, in thousands of orders: is anything ever marked after a withdrawal?

Two hundred of them every day, ten thousand with `-m long`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from optout import sql
from optout.identity import Hasher
from optout.model import Channel, How, Identity, Kind, Purpose
from optout.registry import Registry

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARKERS = 2
ROOM = "create table if not exists public.marked (hash bytea not null)"
COUNT = text("select count(*) from public.marked where hash = :hash")
WRITE = text("insert into public.marked values (:hash)")


@pytest.fixture
def room(home, emptied) -> Iterator[None]:
    """Where marks write down what they are about to call."""
    with create_engine(home.superuser, poolclass=NullPool).begin() as owner:
        owner.execute(text(ROOM))
        owner.execute(text("grant select, insert on public.marked to optout_test_app"))
    yield
    with create_engine(home.superuser, poolclass=NullPool).begin() as owner:
        owner.execute(text("drop table public.marked"))


class Interleaving:
    """One address; markers and a withdrawal set out together, each after a while of its own."""

    def __init__(self, engine: Engine, hasher: Hasher, number: int) -> None:
        self.engine, self.registry, self.number = engine, Registry(sql, hasher), number
        self.jo = Identity(Kind.HANDLE, f"jo-{number}")
        self.hash = hasher.hash(self.jo)
        self.start = Barrier(MARKERS + 1)
        self.brand = None if number % 3 == 0 else "north"

    def mark(self, turn: int) -> None:
        self._set_out(turn)
        with self.engine.begin() as tx:
            sql.speak_for(tx, brand="north")
            self.registry.mark(tx, brand="north", hashes=[self.hash])
            question = self.registry.question(
                brand="north", identity=self.jo, channel=Channel.CHAT, purpose=Purpose.SERVICE
            )
            if self.registry.ask(tx, question).allowed:
                tx.execute(WRITE, {"hash": self.hash})

    def withdraw(self) -> int:
        """How many marks there are once the withdrawal is committed."""
        self._set_out(MARKERS)
        with self.engine.begin() as tx:
            sql.speak_for(tx, brand=self.brand, agency=self.brand is None)
            self.registry.withdraw(
                tx, brand=self.brand, identity=self.jo, how=How.REPLY, evidence="msg",
                effective_at=T0,
            )  # fmt: skip
        with self.engine.begin() as tx:
            return self.marks(tx)

    def marks(self, tx: Connection) -> int:
        return tx.execute(COUNT, {"hash": self.hash}).scalar_one()

    def _set_out(self, who: int) -> None:
        """Together, and then some steps apart: the number decides, so a run can be repeated."""
        self.start.wait(20)
        for _ in range(self.number * (who + 3) * 7919 % 23 * 400):
            pass


@pytest.mark.parametrize("many", [200, pytest.param(10_000, marks=pytest.mark.long)])
def test_nothing_is_marked_once_a_withdrawal_is_committed(
    engine: Engine, hasher: Hasher, room: None, many: int
) -> None:
    """Marks before it are there for the drain to see; after it there are none."""
    seen: dict[int, int] = {}
    violated: list[int] = []
    with ThreadPoolExecutor(MARKERS + 1) as threads:
        for number in range(many):
            one = Interleaving(engine, hasher, number)
            marks = [threads.submit(one.mark, turn) for turn in range(MARKERS)]
            before = threads.submit(one.withdraw).result(20)
            for mark in marks:
                mark.result(20)
            with engine.begin() as tx:
                if one.marks(tx) != before:
                    violated.append(number)
            seen[before] = seen.get(before, 0) + 1
    print(f"\n{many} interleavings, marks before the withdrawal: {dict(sorted(seen.items()))}")  # noqa: T201
    assert violated == []
    assert len(seen) > 1, "every order was the same: nothing was tried"
