"""Who does something in the simulated world, and when does he let another one go on?

Each actor has a thread of its own, of which one runs at a time: a baton is handed over wherever a
transaction begins or has ended and whenever somebody waits. So the order of everything follows from
the order in which the baton was handed out, and that from the seed.
"""

from collections.abc import Callable
from threading import Lock, Thread

from outreach import ids


class Died(BaseException):  # not an error: nothing that catches errors may catch it
    """The actor's process is gone; whatever is not committed never was."""


class Dice:
    """Chance that follows from a seed: the same names thrown in the same order fall the same."""

    def __init__(self, seed: int, name: str) -> None:
        self._of, self._thrown = (seed, name), 0

    def throw(self) -> float:
        """From 0 up to 1."""
        self._thrown += 1
        return ids.share(*self._of, self._thrown)

    def one_of(self, number: int) -> int:
        """A number below this one."""
        return int(self.throw() * number)


class Actor:
    """Lives the same life over and over, dies with a chance at each step, and is born again."""

    def __init__(self, name: str, *, seed: int, mortality: float) -> None:
        self.name, self.dice = name, Dice(seed, name)
        self.dead = self.over = False
        self.deaths = 0
        self.wrong: Exception | None = None
        self._mortality = mortality
        self._mine, self._back = Lock(), Lock()  # a baton each: free while somebody may take it
        self._mine.acquire(), self._back.acquire()

    def live(self, life: Callable[[], object]) -> None:
        """Begin; nothing happens before the first turn."""
        self._thread = Thread(target=self._run, args=(life,), name=self.name, daemon=True)
        self._thread.start()

    def turn(self) -> None:
        """Let the actor go on to its next step. Raises what went wrong in it."""
        self._mine.release()
        self._back.acquire()
        if self.wrong:
            raise self.wrong

    def step(self) -> None:
        """Let others go on; raises `Died` when that was the end."""
        if not self.over:
            self._back.release()
            self._mine.acquire()
        self.risk()

    def risk(self) -> None:
        """Perhaps die here, without a turn of anybody else's in between."""
        if self.over or self.dead:
            raise Died
        if self._mortality and self.dice.throw() < self._mortality:
            self.dead = True
            self.deaths += 1
            raise Died

    def end(self) -> None:
        """The world is over: whatever the actor is doing breaks off."""
        self.over = True
        self._mine.release()
        self._thread.join()

    def _run(self, life: Callable[[], object]) -> None:
        self._mine.acquire()
        while not (self.over or self.wrong):
            try:
                life()
                self.step()
            except Died:
                self.dead = False
            except Exception as error:  # noqa: BLE001  # told to whoever gave the turn
                self.wrong = error
        self._back.release()
