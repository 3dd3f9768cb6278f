"""What surrounds the dispatcher in the simulation, and is decided by the seed?

The clock, the steady clock, the database's moments of trouble, the provider and its record, and how
long somebody who withdraws waits. PostgreSQL itself is real.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf

from sqlalchemy import Connection, TextClause, text

from optout.model import Channel
from optout.registry import Registry
from outreach import ids
from outreach.channels.protocol import (
    TOO_LATE,
    Absent,
    Accepted,
    Answer,
    Capabilities,
    Found,
    Outgoing,
    Refused,
    Uncertain,
)
from outreach.db.engine import BrandRef, Database
from outreach.errors import Trouble
from tests.simulation.actor import Actor

HANDFUL = 5
_MUTE = 0.1  # how often a provider that is asked has no word
_ROUNDS = 4  # how often a withdrawal looks whether something is still in the air
_WRITTEN = text("""
    select exists (select from outreach.attempts
                   where touch_id = :touch and outcome is null and begun_at is not null)
""")


class Knows(StrEnum):
    """What a provider remembers of a message: its key, what it can be asked, or nothing."""

    KEYS = "keys"
    ANSWERS = "answers"
    NOTHING = "nothing"

    @classmethod
    def by(cls, seed: int) -> "Knows":
        """One seed in three for each."""
        return tuple(cls)[seed % len(cls)]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the provider took: how many had been before, to whom, and when."""

    touch: str
    to: str
    said: str
    steady: float
    at: datetime
    order: int
    written: bool  # an attempt stood in the ledger before the call


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Somebody was told that it holds: for which addresses, when, and what was still in the air."""

    addresses: frozenset[str]
    in_air: frozenset[str]
    steady: float
    order: int


@dataclass(frozen=True, slots=True)
class Regretted:
    """Somebody allows it again, for these addresses, no sooner than this."""

    addresses: frozenset[str]
    order: int


@dataclass
class World:
    """Time and what happened in it."""

    now: datetime
    knows: Knows
    steady: float = 0.0
    order: int = 0
    shown: list[tuple[float, datetime]] = field(default_factory=list)  # each setting of the clock
    taken: list[Taken] = field(default_factory=list)
    opted_out: list[OptedOut] = field(default_factory=list)
    regretted: list[Regretted] = field(default_factory=list)
    told: set[str] = field(default_factory=set)  # touches of which a receipt came

    def clock(self) -> datetime:
        return self.now

    def set_clock(self, by: timedelta) -> None:
        """Forward, or back."""
        self.shown.append((self.steady, self.now))  # until now it showed this
        self.now += by

    def earliest(self, *, since: float, until: float) -> datetime:
        """The earliest that the clock showed between these two instants of the steady clock."""
        settings = [*self.shown, (inf, self.now)]
        first = bisect_right(settings, since, key=lambda setting: setting[0])
        last = bisect_right(settings, until, key=lambda setting: setting[0])
        return min(showed for _, showed in settings[first : last + 1])

    def next(self) -> int:
        self.order += 1
        return self.order


class Mortal(Database):
    """The real database, as one who may die at either end of a transaction sees it."""

    def __init__(self, real: Database, actor: Actor, trouble: float) -> None:
        self.engine, self.vault = real.engine, real.vault
        self._actor, self._trouble = actor, trouble

    @contextmanager
    def _open(
        self, first: TextClause, values: Mapping[str, object] | None = None, **how: object
    ) -> Iterator[Connection]:
        self._actor.step()
        if self._trouble and self._actor.dice.throw() < self._trouble:
            raise Trouble("the seed says so")
        with super()._open(first, values, **how) as tx:
            yield tx
            self._actor.risk()  # here it is rolled back
        self._actor.step()


class Provider:
    """Takes messages, and answers as the dice of its caller fall."""

    def __init__(
        self, world: World, actor: Actor, database: Database, brand: BrandRef, *, fails: bool = True
    ) -> None:
        self._fails = fails
        self.capabilities = Capabilities(
            HANDFUL,
            idempotent=world.knows is Knows.KEYS,
            receipts="push",
            looks_up=world.knows is Knows.ANSWERS,
        )
        self._world, self._actor, self._database, self._brand = world, actor, database, brand

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        for one in outgoing:
            yield one.touch_id, self._answer(one)

    def look_up(self, touches: Sequence[str], *, brand: str) -> Iterator[tuple[str, Found]]:
        """It has what it wrote down; now and then it does not say."""
        if brand != self._brand.key:
            raise AssertionError(brand)
        taken = {one.touch for one in self._world.taken}
        for touch in touches:
            self._actor.risk()
            if self._lot() < _MUTE:
                yield touch, Uncertain("no word")
            else:
                yield touch, Accepted(f"p-{touch}") if touch in taken else Absent("never heard")

    def close(self) -> None:
        """There is nothing to close."""

    def _answer(self, one: Outgoing) -> Answer:
        if self._world.steady >= one.deadline:
            return TOO_LATE
        self._actor.risk()
        fate = self._lot()
        if fate < 0.05:
            return Refused("busy", "later", permanent=False, retry_after=timedelta(minutes=1))
        if fate < 0.1:
            return Uncertain("the request left, and nothing came back")
        self._take(one)
        self._actor.risk()
        return Uncertain("no answer") if fate < 0.2 else Accepted(f"p-{one.touch_id}")

    def _lot(self) -> float:
        """From 0, the worst, up to 1."""
        return self._actor.dice.throw() if self._fails else 1.0

    def _take(self, one: Outgoing) -> None:
        if self._world.knows is Knows.KEYS and any(
            taken.touch == one.touch_id for taken in self._world.taken
        ):
            return
        with self._database.begin(self._brand) as tx:
            touch = ids.read(ids.TOUCH, one.touch_id)
            written = bool(tx.execute(_WRITTEN, {"touch": touch}).scalar_one())
        world = self._world
        world.taken.append(
            Taken(
                one.touch_id, one.to, one.content.text, world.steady, world.now, world.next(),
                written,
            )
        )  # fmt: skip


class Patient(Registry[Connection]):
    """Consent as it is, but for how a withdrawal waits: by turns of others."""

    def __init__(self, real: Registry[Connection], actor: Actor) -> None:
        self.__dict__.update(real.__dict__)
        self._actor = actor

    def drain(  # type: ignore[override]  # a method here, so that it knows whose turn it is
        self,
        in_air: Callable[[], Sequence[str]],
        *,
        patience: timedelta,
        pause: Callable[[timedelta], object],
    ) -> Sequence[str]:
        """As the real one, whose patience runs by the clock on the wall."""
        rounds = 0
        while (flying := in_air()) and rounds < _ROUNDS:
            rounds += 1
            self._actor.step()
        return flying


CHANNELS = (Channel.SMS, Channel.EMAIL)
