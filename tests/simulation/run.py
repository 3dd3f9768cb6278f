"""How does one simulated run go, from its seed to its judgement?"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

from outreach.app import Outreach
from outreach.dispatch import begun, send, settle, stride
from tests.simulation.actor import Actor, Dice
from tests.simulation.judge import Ran
from tests.simulation.scene import Scene
from tests.simulation.world import HANDFUL, Knows

WORKERS = 3
_STRAY = 0.25  # of all turns are not the favourite's
_MOOD = 0.12  # how often the favourite changes


class Run(Scene):
    """One seed: the actors, and the hand that gives them their turns."""

    def __init__(self, app: Outreach, *, seed: int, knows: Knows) -> None:
        super().__init__(app, name=f"seed-{seed}", knows=knows)
        self._dice = Dice(seed, "turns")
        self._seed = seed
        self._actors = [
            *(self._actor(f"worker-{n}", self.work, mortality=0.02) for n in range(WORKERS)),
            self._actor("reaper", self.reap, mortality=0.01),
            self._actor("customer", self.opt_out, mortality=0.0),
            self._actor("manager", self.pause, mortality=0.0),
            self._actor("postman", self.bring, mortality=0.02),
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
        self.finish()
        relearnt = self.tell_again()
        deaths = sum(actor.deaths for actor in self._actors)
        call = self.app.means.call.total_seconds()
        return Ran(self.world, deaths, self.told, self.rows(), relearnt, call)

    def _befall(self, lot: float) -> None:
        self.world.steady += 0.05
        if lot < 0.03:
            self.outlast_leases()
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

    def _actor(self, name: str, life: object, *, mortality: float) -> Actor:
        actor = Actor(name, seed=self._seed, mortality=mortality)
        means = self.means(actor)
        actor.live(lambda: life(actor, means))  # type: ignore[operator]  # one of ours below
        return actor


@contextmanager
def small_sets() -> Iterator[None]:
    """Sets so small that a few people fill several, and nobody waits by the clock on the wall."""
    with ExitStack() as stack:
        for module, name, value in (
            (send, "BATCH", HANDFUL), (send, "TIMES", 1), (begun, "FEW", 2), (stride, "MOST", 2),
            (send, "_AGAIN", (0.0, 0.0, 0.0)), (settle, "_SETTLE_EVERY", 60.0),
        ):  # fmt: skip
            stack.enter_context(patch.object(module, name, value))
        yield
