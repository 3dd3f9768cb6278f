"""How does one simulated run go, from its seed to its judgement?"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from sqlalchemy import text

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.channels.receipts import Kind
from outreach.dispatch import begun, doubt, reaping, send, settle
from outreach.dispatch.means import Look, Means
from outreach.dispatch.send import dispatch
from outreach.errors import Trouble
from outreach.inbound import receipts
from outreach.inbound.consent import Change, change_person
from outreach.inbound.receipts import Receipt
from outreach.people.model import Person
from tests import builders as b
from tests.simulation.actor import Actor, Dice
from tests.simulation.crowd import settle_in, tell
from tests.simulation.judge import Ran, Row
from tests.simulation.world import (
    CHANNELS,
    HANDFUL,
    Knows,
    Mortal,
    OptedOut,
    Patient,
    Provider,
    Regretted,
    World,
)

WORKERS = 3
_STRAY = 0.25  # of all turns are not the favourite's
_IDLE = 0.8  # how often nobody opts out when nobody is in hand
_MOOD = 0.12  # how often the favourite changes
_REGRET = 0.5  # how often somebody who opted out takes it back soon after
_RUN_OUT = text("""
    update outreach.touches set lease_until = now() - interval '1 s' where lease_until is not null
""")
_ROWS = text("""
    select id, person_id, state::text, reason,
           exists (select from outreach.attempts a
                   where a.touch_id = t.id and a.outcome is null) as in_air
    from outreach.touches t order by id
""")
_IN_HAND = text("select person_id from outreach.touches where state in ('claimed', 'calling')")
_PAUSE = text("update outreach.campaigns set state = cast(:state as outreach.campaign_state)")


class Run:
    """One seed: the actors, and the hand that gives them their turns."""

    def __init__(self, app: Outreach, *, seed: int, knows: Knows) -> None:
        self._dice = Dice(seed, "turns")
        self._seed = seed
        self._app = app
        self.world = World(now=b.NOON, knows=knows)
        self.brand = b.a_brand(app, f"seed-{seed}")
        self._people = settle_in(app, self.brand)
        self._told = tell(app, self.brand, self._people)
        self._actors = [
            *(self._actor(f"worker-{n}", self._work, mortality=0.02) for n in range(WORKERS)),
            self._actor("reaper", self._reap, mortality=0.01),
            self._actor("customer", self._opt_out, mortality=0.0),
            self._actor("manager", self._pause, mortality=0.0),
            self._actor("postman", self._bring, mortality=0.02),
        ]
        self._favourite = self._actors[0]

    def play(self, steps: int) -> Ran:
        """So many turns; then everybody dies at once, and one honest worker brings it to an end."""
        try:
            for _ in range(steps):
                self._befall(self._dice.throw())
        finally:
            for actor in self._actors:
                actor.end()
        self._finish()
        relearnt = self._tell_again()
        deaths = sum(actor.deaths for actor in self._actors)
        call = self._app.means.call.total_seconds()
        return Ran(self.world, deaths, self._told, self._rows(), relearnt, call)

    def _befall(self, lot: float) -> None:
        self.world.steady += 0.05
        if lot < 0.03:
            self._outlast_leases()
        elif lot < 0.06:
            self.world.set_clock(timedelta(minutes=self._dice.one_of(90) - 10))
        else:
            self._favour()
            among = [self._favourite] if lot > _STRAY else self._actors
            among[self._dice.one_of(len(among))].turn()

    def _favour(self) -> None:
        """Now and then another one gets most of the turns: the others stand where they are."""
        if self._dice.throw() < _MOOD:
            self._favourite = self._actors[self._dice.one_of(len(self._actors))]

    def _outlast_leases(self) -> None:
        """As long as a lease, in which nobody did anything: all were stopped, or the host was."""
        self.world.steady += self._app.means.lease.total_seconds() + 1
        self.world.set_clock(self._app.means.lease)
        with self._app.means.database.begin(self.brand) as tx:
            tx.execute(_RUN_OUT)

    def _actor(self, name: str, life: object, *, mortality: float) -> Actor:
        actor = Actor(name, seed=self._seed, mortality=mortality)
        means = self._means(actor)
        actor.live(lambda: life(actor, means))  # type: ignore[operator]  # one of ours below
        return actor

    def _means(self, actor: Actor) -> Means:
        real = self._app.means
        provider = Provider(self.world, actor, real.database, self.brand)
        return replace(
            real,
            database=Mortal(real.database, actor, trouble=0.01),
            registry=Patient(real.registry, actor),
            clock=self.world.clock,
            steady=lambda: self.world.steady,
            ways={**real.ways, **dict.fromkeys(CHANNELS, provider)},
        )

    def _work(self, actor: Actor, means: Means) -> None:
        try:
            dispatch(means, Look(self.brand, CHANNELS[actor.dice.one_of(len(CHANNELS))]))
        except Trouble:
            actor.step()

    def _reap(self, actor: Actor, means: Means) -> None:
        try:
            with means.database.begin(self.brand) as tx:
                reaping.reap(tx, now=means.clock(), patience=means.lease)
            doubt.look_into(means, Look(self.brand, CHANNELS[actor.dice.one_of(len(CHANNELS))]))
        except Trouble:
            actor.step()

    def _opt_out(self, actor: Actor, means: Means) -> None:
        actor.step()
        person = self._somebody(actor.dice)
        if person is None:
            return
        change = Change(Action.WITHDRAW, How.API, "a test")
        try:
            done = change_person(means, self.brand, person.id, change)
        except Trouble:
            return
        addresses = frozenset(address.value for address in person.addresses)
        world = self.world
        world.opted_out.append(
            OptedOut(addresses, frozenset(done.in_air), world.steady, world.next())
        )
        if actor.dice.throw() < _REGRET:
            actor.step()
            world.regretted.append(Regretted(addresses, world.next()))
            self._regret(actor, means, person)

    def _regret(self, actor: Actor, means: Means, person: Person) -> None:
        try:
            change_person(means, self.brand, person.id, Change(Action.GRANT, How.API, "a test"))
        except Trouble:
            actor.step()

    def _somebody(self, dice: Dice) -> Person | None:
        """Most often one whom a worker has in hand just now: that is when it is dangerous."""
        with self._app.means.database.begin(self.brand) as tx:
            in_hand = set(tx.execute(_IN_HAND).scalars())
        among = [person for person in self._people if person.id in in_hand]
        if not among and dice.throw() < _IDLE:
            return None
        among = among or self._people
        return among[dice.one_of(len(among))]

    def _pause(self, actor: Actor, means: Means) -> None:
        for state in ("paused", "live"):
            for _ in range(6 if state == "paused" else 2):
                actor.step()
            try:
                with means.database.begin(self.brand) as tx:
                    tx.execute(_PAUSE, {"state": state})
            except Trouble:
                return

    def _bring(self, actor: Actor, means: Means) -> None:
        """Tell of some that were taken: perhaps before their call has ended, perhaps once more."""
        actor.step()
        among = self.world.taken
        some = [among[actor.dice.one_of(len(among))].touch for _ in range(2) if among]
        try:
            receipts.receive(means, self.brand, [_delivered(touch) for touch in some])
        except Trouble:
            actor.step()
        self.world.told.update(some)

    def _tell_again(self) -> int:
        """Every receipt that ever came, once more; answers how many touches that moved."""
        again = [_delivered(touch) for touch in sorted(self.world.told)]
        receipts.receive(self._app.means, self.brand, again)
        before = self._rows()
        receipts.receive(self._app.means, self.brand, again)
        return sum(one != other for one, other in zip(before, self._rows(), strict=True))

    def _finish(self) -> None:
        """Nobody is there any more; leases run out, hours pass, and what is due is sent."""
        honest = Actor("honest", seed=self._seed, mortality=0.0)
        database = self._app.means.database
        provider = Provider(self.world, honest, database, self.brand, fails=False)
        ways = {**self._app.means.ways, **dict.fromkeys(CHANNELS, provider)}
        means = replace(
            self._app.means, ways=ways, clock=self.world.clock, steady=lambda: self.world.steady
        )
        with means.database.begin(self.brand) as tx:
            tx.execute(_PAUSE, {"state": "live"})
        for _ in range(2):
            self._outlast_leases()
            with means.database.begin(self.brand) as tx:
                reaping.reap(tx, now=means.clock(), patience=means.lease)
            for channel in CHANNELS:
                doubt.look_into(means, Look(self.brand, channel))
                while dispatch(means, Look(self.brand, channel)):
                    pass
            self.world.set_clock(timedelta(minutes=6))

    def _rows(self) -> tuple[Row, ...]:
        with self._app.means.database.begin(self.brand) as tx:
            return tuple(
                Row(ids.shown(ids.TOUCH, row.id), row.person_id, row.state, row.reason, row.in_air)
                for row in tx.execute(_ROWS)
            )


def _delivered(touch: str) -> Receipt:
    return Receipt(ids.read(ids.TOUCH, touch), Kind.DELIVERED)


@contextmanager
def small_sets() -> Iterator[None]:
    """Sets so small that a few people fill several, and nobody waits by the clock on the wall."""
    with ExitStack() as stack:
        for module, name, value in (
            (send, "BATCH", HANDFUL), (send, "FEW", 2), (begun, "FEW", 2),
            (send, "_AGAIN", (0.0, 0.0, 0.0)), (settle, "_SETTLE_EVERY", 60.0),
        ):  # fmt: skip
            stack.enter_context(patch.object(module, name, value))
        yield
