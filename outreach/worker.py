"""What runs in a worker process?  `outreach worker`, which is `dramatiq outreach.worker:main`.

Dramatiq's threads carry out what messages ask for. One more thread looks at the table by itself as
long as no message comes, so that sending goes on when Redis is gone.
"""

import logging
import os
import sys
import time
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import dramatiq

from outreach import hints, lanes, logs, tasks, tidying, tracing, work
from outreach.app import Outreach, build
from outreach.settings import Settings

log = logging.getLogger(__name__)

_SILENCE = 1.0  # seconds without a message after which a worker looks by itself
_SHORTEST_IDLE, _LONGEST_IDLE = 40, 50  # milliseconds


def main() -> None:
    """Set this process up; Dramatiq calls it after it has forked."""
    settings = Settings.read(os.environ)
    logs.begin(settings.log)
    tracing.begin(settings.traces, service="worker")
    app = build(settings)
    tidying.spare_what_stays()
    fallback = Fallback(app)
    middleware = [fallback] if settings.fallback else []
    broker = hints.open_broker(settings.redis_url, *middleware)
    fallback.hints = tasks.declare(broker, app)
    dramatiq.set_broker(broker)  # where Dramatiq's own command looks for it


def command(settings: Settings) -> list[str]:
    """Dramatiq's command line for these settings."""
    grace = settings.call + timedelta(seconds=10)  # longer than any call: none is interrupted
    return [
        sys.executable, "-m", "dramatiq", "outreach.worker:main",
        "--processes", str(settings.worker_processes),
        "--threads", str(lanes.LANES * settings.worker_threads),
        "--worker-shutdown-timeout", str(round(grace.total_seconds() * 1000)),
    ]  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    """What Dramatiq reads from the environment alone.

    A worker takes as many messages of a queue as it has threads: what finds its lane full gives its
    thread back, and must not keep the message behind it. An idle one asks Redis again soon instead
    of once a second.
    """
    idle = min(max(settings.tick.total_seconds() * 100, _SHORTEST_IDLE), _LONGEST_IDLE)
    return {
        "dramatiq_queue_prefetch": str(lanes.LANES * settings.worker_threads),
        "dramatiq_delay_queue_prefetch": "1",
        "dramatiq_worker_timeout": str(round(idle)),
    }


class Fallback(dramatiq.Middleware):
    """Asks the table, tick by tick, while this process has had no message for a second."""

    def __init__(self, app: Outreach) -> None:
        self.app = app
        self.hints: hints.Hints | None = None
        self._tick = app.settings.tick.total_seconds()
        self._stop = Event()
        self._heard_at = time.monotonic()
        self._thread = Thread(target=self._run, name="fallback", daemon=True)

    def after_process_boot(self, broker: dramatiq.Broker) -> None:  # noqa: ARG002  # Dramatiq's
        self._thread.start()

    def before_process_message(self, broker: dramatiq.Broker, message: Any) -> None:  # noqa: ARG002
        self._heard_at = time.monotonic()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: Any) -> None:  # noqa: ARG002
        self._stop.set()
        self._thread.join()  # what it has under way is brought to its end

    def _run(self) -> None:
        while not self._stop.wait(self._tick):
            if time.monotonic() - self._heard_at > _SILENCE:
                work.carried_out(self.look, "the worker's own look")

    def look(self) -> None:
        """Look once, at everything."""
        if self.hints:
            work.look_everywhere(self.app, self.hints)
