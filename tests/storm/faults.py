"""What befalls an installation, and when? Spread over the work, not over the clock.

Each waits until its share of the messages has been taken, or until there was none for a while, so
that a faster machine sees as many of them as a slow one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from outreach import hints, ids
from outreach.embedded import desk
from tests.storm import stage as stages
from tests.storm.stage import Stage

_LULL = 2.0  # seconds after which a fault no longer waits for its share of the work
_LOOK = 0.02
_JUMPS = (timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(minutes=-10))

Fault = Callable[[Stage, int], None]  # the stage, and the how-many-eth it is


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault, and the share of the work at which it is due."""

    at: float
    name: str
    number: int
    befall: Fault


def spread(how_many: dict[str, tuple[int, Fault]], *, until: float = 0.95) -> list[Planned]:
    """So many of each kind, evenly and not in step, in the order in which they are due."""
    planned = [
        Planned(until * (number + ids.share(name, str(number))) / count, name, number, befall)
        for name, (count, befall) in how_many.items()
        for number in range(count)
    ]
    return sorted(planned, key=lambda one: (one.at, one.name))


def blow(on: Stage, planned: Iterable[Planned], *, work: int) -> None:
    """Let all of them happen."""
    for one in planned:
        await_work(on, one.at * work)
        one.befall(on, one.number)
        on.count(one.name)


def await_work(on: Stage, taken: float) -> None:
    """Wait until so many messages have been taken, or until for a while there was none."""
    pause, seen, ends = Event(), -1, 0.0
    while (now := on.accepted()) < taken:
        if now > seen:
            seen, ends = now, time.monotonic() + _LULL
        elif time.monotonic() > ends:
            return
        pause.wait(_LOOK)


def kill_a_worker(on: Stage, number: int) -> None:
    """kill -9 of the whole group; another takes its place at once."""
    workers = on.fleet.named("worker-")
    name = workers[number % len(workers)]
    on.fleet.kill(name)
    on.fleet.start(name)


def wipe_redis(on: Stage, _: int) -> None:
    desk.wipe_redis(on.servers)


def stop_database(on: Stage, _: int) -> None:
    """An immediate stop: every session is cut off, nothing is written back; then it recovers."""
    on.postgres.crash()
    on.postgres.start()


def kill_a_provider(on: Stage, number: int) -> None:
    """The stand-in dies with what it was about to answer, and comes back with its log."""
    name = ("sms", "email")[number % 2] if on.plan.by_mail else "sms"
    on.fleet.kill(name)
    on.fleet.start(name)


def stop_redis(on: Stage, _: int) -> None:
    """Away for three seconds, and back with its data."""
    desk.stop_redis(on.servers)
    _still(3)
    on.valkey.start()


def freeze_redis(on: Stage, _: int) -> None:
    """It accepts connections and says nothing."""
    pid = on.valkey.pid()
    os.kill(pid, signal.SIGSTOP)
    _still(6)
    os.kill(pid, signal.SIGCONT)


def fill_redis(on: Stage, _: int) -> None:
    """At its memory limit every command that writes is refused."""
    _configure(on, "1")
    _still(4)
    _configure(on, "256mb")


def pause_a_worker(on: Stage, number: int, *, seconds: float = 0.15) -> None:
    workers = on.fleet.named("worker-")
    name = workers[number % len(workers)]
    on.fleet.pause(name)
    _still(seconds)
    on.fleet.go_on(name)


def outlast_the_lease(on: Stage, number: int) -> None:
    """A worker is stopped until others have taken back what it held, and then goes on."""
    pause_a_worker(on, number, seconds=stages.LEASE.total_seconds() + 1)


def set_clock(on: Stage, number: int) -> None:
    """An hour ahead, back again, a day ahead, and ten minutes back."""
    on.hand.jump(_JUMPS[number % len(_JUMPS)])


def roll(on: Stage, number: int) -> None:
    """A deployment: one process after the other is asked to end, and started again."""
    everything = [*on.fleet.named("worker-"), "ticker"]
    name = everything[number % len(everything)]
    on.fleet.ask_to_end(name)
    on.fleet.start(name)


class Beside(Thread):
    """What happens at the same time, and whether it came to its end."""

    def __init__(self, job: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._job = job
        self._wrong: Exception | None = None

    def run(self) -> None:
        """Do it, and keep what goes wrong for whoever waits."""
        try:
            self._job()
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            self._wrong = error

    def finish(self) -> None:
        """Wait for its end. Raises what went wrong."""
        self.join()
        if self._wrong:
            raise self._wrong


def beside(job: Callable[[], object]) -> Beside:
    """Let something happen at the same time."""
    begun = Beside(job)
    begun.start()
    return begun


def _configure(on: Stage, limit: str) -> None:
    with hints.client(on.servers.redis_url) as redis:
        redis.config_set("maxmemory", limit)


def _still(seconds: float) -> None:
    Event().wait(seconds)
