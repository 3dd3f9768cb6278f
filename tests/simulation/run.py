"""How does one simulated run go, from its seed to its judgement?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text

from optout.model import Action, How
from outreach import ids
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch import begun, doubt, reaping, send, settle
from outreach.dispatch.means import Look, Means
from outreach.dispatch.send import dispatch
from outreach.errors import Trouble
from outreach.hours import coordinates
from outreach.inbound.consent import Change, change_person
from outreach.people import reading as people_reading
from outreach.people import store as people
from outreach.people.model import Person
from tests import builders as b
from tests.simulation.actor import Actor, Dice
from tests.simulation.world import CHANNELS, HANDFUL, Mortal, OptedOut, Patient, Provider, World

WORKERS = 3
PEOPLE = 10
_STRAY = 0.25  # of all turns are not the favourite's
_IDLE = 0.8  # how often nobody opts out when nobody is in hand
_MOOD = 0.12  # how often the favourite changes
_APART = timedelta(hours=4)
_RUN_OUT = text("""
    update outreach.touches set lease_until = now() - interval '1 s' where lease_until is not null
""")
_ROWS = text("select id, person_id, state::text, reason from outreach.touches order by id")
_IN_HAND = text("select person_id from outreach.touches where state in ('claimed', 'calling')")
_PAUSE = text("update outreach.campaigns set state = cast(:state as outreach.campaign_state)")
_REACHED = {"sent", "delivered"}
_BACK = timedelta(hours=1)  # by how much the clock goes back in one run, at most


@dataclass(frozen=True, slots=True)
class Row:
    """A touch in the end."""

    touch: str
    person: UUID
    state: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that is over: who got what, what opted out, how often somebody died, and the rows."""

    world: World
    deaths: int
    told: int
    rows: tuple[Row, ...]
    call: float  # seconds that a call may take

    def wrong(self) -> list[str]:
        """What speaks against this run; nothing when all is well."""
        return [*_twice(self), *_after_opt_out(self), *_unwritten(self), *_unproven(self),
                *_unaccounted(self), *_too_close(self)]  # fmt: skip


class Run:
    """One seed: the actors, and the hand that gives them their turns."""

    def __init__(self, app: Outreach, *, seed: int, keys: bool) -> None:
        self._dice = Dice(seed, "turns")
        self._seed = seed
        self._app = app
        self.world = World(now=b.NOON, keys=keys)
        self.brand = b.a_brand(app, f"seed-{seed}")
        self._people = _people(app, self.brand)
        self._told = _tell(app, self.brand, self._people)
        self._actors = [
            *(self._actor(f"worker-{n}", self._work, mortality=0.02) for n in range(WORKERS)),
            self._actor("reaper", self._reap, mortality=0.01),
            self._actor("customer", self._opt_out, mortality=0.0),
            self._actor("manager", self._pause, mortality=0.0),
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
        deaths = sum(actor.deaths for actor in self._actors)
        call = self._app.means.call.total_seconds()
        return Ran(self.world, deaths, self._told, self._rows(), call)

    def _befall(self, lot: float) -> None:
        self.world.steady += 0.05
        if lot < 0.03:
            self._outlast_leases()
        elif lot < 0.06:
            self.world.now += timedelta(minutes=self._dice.one_of(90) - 10)
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
        self.world.now += self._app.means.lease
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

    def _finish(self) -> None:
        """Nobody is there any more; leases run out, hours pass, and what is due is sent."""
        honest = Actor("honest", seed=self._seed, mortality=0.0)
        provider = Provider(self.world, honest, self._app.means.database, self.brand)
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
            self.world.now += timedelta(minutes=6)

    def _rows(self) -> tuple[Row, ...]:
        with self._app.means.database.begin(self.brand) as tx:
            return tuple(
                Row(ids.shown(ids.TOUCH, row.id), row.person_id, row.state, row.reason)
                for row in tx.execute(_ROWS)
            )


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


def _people(app: Outreach, brand: BrandRef) -> list[Person]:
    """Two of them share a telephone; one in three is told of two parcels."""
    known = [
        people_reading.read(
            {
                "ref": f"{brand.key}-{n}", "name": "Ada Example", "locale": "en", "country": "PT",
                "email": f"{brand.key}-{n}@customers.example", "phone": f"+35121000{max(n, 1):04}",
            },
            brand=brand, hasher=app.means.hasher, zone_at=coordinates.zone_of,
        )
        for n in range(PEOPLE)
    ]  # fmt: skip
    with app.means.database.begin(brand) as tx:
        people.put(tx, brand, known)
    return known


def _tell(app: Outreach, brand: BrandRef, known: Sequence[Person]) -> int:
    """Everybody by text, every second one by mail too; answers how many touches that makes."""
    b.a_text(app, brand, "note", "It is there, {{ person.first_name }}.")
    for channel, event in (("sms", "parcel.delivered"), ("email", "order.paid")):
        step = b.a_step(channels=[channel], template="note")
        b.a_live_campaign(app, brand, f"by-{channel}", trigger={"event": event}, steps=[step])
    parcels = [(p, n) for at, p in enumerate(known) for n in range(1 + (at % 3 == 0))]
    for _ in range(2):  # a shop that is not sure whether it was heard says it again
        delivered = [b.an_event(app, brand, p, parcel=f"{p.ref}-{n}") for p, n in parcels]
        paid = [b.an_event(app, brand, p, "order.paid", order=p.ref) for p in known[::2]]
        b.accepted(app, brand, *delivered, *paid)
    return len(delivered) + len(paid)


def _twice(ran: Ran) -> list[str]:
    many = Counter(taken.touch for taken in ran.world.taken)
    return [f"A1 {touch} was sent {n} times" for touch, n in many.items() if n > 1]


def _after_opt_out(ran: Ran) -> list[str]:
    return [
        f"A5 {taken.touch} went to {taken.to} after the opt-out was answered"
        for said in ran.world.opted_out
        for taken in ran.world.taken
        if taken.to in said.addresses and taken.order > said.order
        if taken.touch not in said.in_air or taken.steady > said.steady + ran.call
    ]


def _unwritten(ran: Ran) -> list[str]:
    return [f"A4 {t.touch} was called without an attempt" for t in ran.world.taken if not t.written]


def _unproven(ran: Ran) -> list[str]:
    taken = {one.touch for one in ran.world.taken}
    sent = (row.touch for row in ran.rows if row.state in _REACHED)
    return [f"A3 {one} is called sent and was never taken" for one in sent if one not in taken]


def _unaccounted(ran: Ran) -> list[str]:
    missing = ran.told - len(ran.rows)
    nameless = [
        f"A2 {row.touch} is {row.state} and has no reason"
        for row in ran.rows
        if row.state in {"claimed", "calling"} or (row.state not in _REACHED and not row.reason)
    ]
    return [f"A2 {missing} touches are missing, or too many"] * bool(missing) + nameless


def _too_close(ran: Ran) -> list[str]:
    """Two contacts with one person; the clock itself may have gone back a few times."""
    of = {row.touch: row.person for row in ran.rows}
    at: dict[UUID, datetime] = {}
    wrong = []
    for taken in ran.world.taken:
        person = of[taken.touch]
        if person in at and taken.at - at[person] < _APART - _BACK:
            wrong.append(f"A7 {taken.touch} came {taken.at - at[person]} after another")
        at[person] = taken.at
    return wrong
