"""What does everybody in the simulated world do, and what is left when it is over?"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.channels.receipts import Kind
from outreach.dispatch import doubt, reaping
from outreach.dispatch.means import Look, Means
from outreach.dispatch.send import dispatch
from outreach.errors import Trouble
from outreach.inbound import receipts
from outreach.inbound.consent import Change, change_person
from outreach.inbound.receipts import Receipt
from outreach.people.model import Person
from tests import builders as b
from tests.simulation.actor import Actor, Dice
from tests.simulation.crowd import PEOPLE, settle_in, tell
from tests.simulation.judge import Row
from tests.simulation.world import (
    CHANNELS,
    Knows,
    Mortal,
    OptedOut,
    Patient,
    Provider,
    Regretted,
    World,
)

_IDLE = 0.8  # how often nobody opts out when nobody is in hand
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


class Scene:
    """A brand with a few people who are told something, and what may be done about it."""

    def __init__(self, app: Outreach, *, name: str, knows: Knows, size: int = PEOPLE) -> None:
        self.app = app
        self.world = World(now=b.NOON, knows=knows)
        self.brand = b.a_brand(app, name)
        self.people = settle_in(app, self.brand, size=size)
        self.told = tell(app, self.brand, self.people)

    def outlast_leases(self) -> None:
        """As long as a lease, in which nobody did anything: all were stopped, or the host was."""
        self.world.steady += self.app.means.lease.total_seconds() + 1
        self.world.set_clock(self.app.means.lease)
        with self.app.means.database.begin(self.brand) as tx:
            tx.execute(_RUN_OUT)

    def means(self, actor: Actor, *, trouble: float = 0.01, fails: bool = True) -> Means:
        """What this actor works with; `trouble` is the database's, `fails` whether providers do."""
        real = self.app.means
        provider = Provider(self.world, actor, real.database, self.brand, fails=fails)
        return replace(
            real,
            database=Mortal(real.database, actor, trouble=trouble),
            registry=Patient(real.registry, actor),
            clock=self.world.clock,
            steady=lambda: self.world.steady,
            ways={**real.ways, **dict.fromkeys(CHANNELS, provider)},
        )

    def work(self, actor: Actor, means: Means) -> None:
        try:
            dispatch(means, Look(self.brand, CHANNELS[actor.dice.one_of(len(CHANNELS))]))
        except Trouble:
            actor.step()

    def reap(self, actor: Actor, means: Means) -> None:
        try:
            with means.database.begin(self.brand) as tx:
                reaping.reap(tx, now=means.clock(), patience=means.lease)
            doubt.look_into(means, Look(self.brand, CHANNELS[actor.dice.one_of(len(CHANNELS))]))
        except Trouble:
            actor.step()

    def opt_out(self, actor: Actor, means: Means) -> None:
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
        with self.app.means.database.begin(self.brand) as tx:
            in_hand = set(tx.execute(_IN_HAND).scalars())
        among = [person for person in self.people if person.id in in_hand]
        if not among and dice.throw() < _IDLE:
            return None
        among = among or self.people
        return among[dice.one_of(len(among))]

    def pause(self, actor: Actor, means: Means) -> None:
        for state in ("paused", "live"):
            for _ in range(6 if state == "paused" else 2):
                actor.step()
            try:
                with means.database.begin(self.brand) as tx:
                    tx.execute(_PAUSE, {"state": state})
            except Trouble:
                return

    def bring(self, actor: Actor, means: Means) -> None:
        """Tell of some that were taken: perhaps before their call has ended, perhaps once more."""
        actor.step()
        among = self.world.taken
        some = [among[actor.dice.one_of(len(among))].touch for _ in range(2) if among]
        try:
            receipts.receive(means, self.brand, [_delivered(touch) for touch in some])
        except Trouble:
            actor.step()
        self.world.told.update(some)

    def tell_again(self) -> int:
        """Every receipt that ever came, once more; answers how many touches that moved."""
        again = [_delivered(touch) for touch in sorted(self.world.told)]
        receipts.receive(self.app.means, self.brand, again)
        before = self.rows()
        receipts.receive(self.app.means, self.brand, again)
        return sum(one != other for one, other in zip(before, self.rows(), strict=True))

    def finish(self) -> None:
        """Nobody is there any more; leases run out, hours pass, and what is due is sent."""
        honest = Actor("honest", seed=0, mortality=0.0)
        database = self.app.means.database
        provider = Provider(self.world, honest, database, self.brand, fails=False)
        ways = {**self.app.means.ways, **dict.fromkeys(CHANNELS, provider)}
        means = replace(
            self.app.means, ways=ways, clock=self.world.clock, steady=lambda: self.world.steady
        )
        with means.database.begin(self.brand) as tx:
            tx.execute(_PAUSE, {"state": "live"})
        for _ in range(2):
            self.outlast_leases()
            with means.database.begin(self.brand) as tx:
                reaping.reap(tx, now=means.clock(), patience=means.lease)
            for channel in CHANNELS:
                doubt.look_into(means, Look(self.brand, channel))
                while dispatch(means, Look(self.brand, channel)):
                    pass
            self.world.set_clock(timedelta(minutes=6))

    def rows(self) -> tuple[Row, ...]:
        with self.app.means.database.begin(self.brand) as tx:
            return tuple(
                Row(ids.shown(ids.TOUCH, row.id), row.person_id, row.state, row.reason, row.in_air)
                for row in tx.execute(_ROWS)
            )


def _delivered(touch: str) -> Receipt:
    return Receipt(ids.read(ids.TOUCH, touch), Kind.DELIVERED)
