"""How many messages that do nothing pass through Dramatiq in a second, sent, run and acknowledged?

Two processes of eight threads, as Dramatiq comes; whoever has a message for each mail pays at least
this for it.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import dramatiq

from bench.stage import timed
from outreach.hints import open_broker

PROCESSES, THREADS = 2, 8
_QUEUE, _ACTOR, _URL = "empty", "nothing", "BENCH_REDIS_URL"


def main() -> None:
    """Set a worker process up; Dramatiq calls it after it has forked."""
    broker = open_broker(os.environ[_URL])
    dramatiq.actor(queue_name=_QUEUE, actor_name=_ACTOR, broker=broker)(_nothing)
    dramatiq.set_broker(broker)


def _nothing(number: int) -> None:
    """What one task does for one mail, and nothing of the mail."""


@contextmanager
def workers(url: str) -> Iterator[Callable[[int], float]]:
    """While they run: a function that answers how many of so many messages passed a second."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dramatiq", "bench.floors.empty:main", "--processes",
         str(PROCESSES), "--threads", str(THREADS)],
        env=os.environ | {_URL: url}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    broker = open_broker(url)
    broker.declare_queue(_QUEUE)
    try:
        _through(broker, PROCESSES * THREADS)  # they are there
        yield lambda many: many / timed(partial(_through, broker, many))
    finally:
        process.terminate()
        process.wait()


def _through(broker: dramatiq.Broker, many: int) -> None:
    for number in range(many):
        broker.enqueue(dramatiq.Message(_QUEUE, _ACTOR, (number,), {}, {}))
    broker.join(_QUEUE, timeout=120_000)
