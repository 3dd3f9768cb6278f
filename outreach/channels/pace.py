"""How fast may a provider be called, whoever of our workers calls it?

`Together` counts the calls of all workers in Redis, by Dramatiq's limiter of a sliding window.
While Redis is away each process counts for itself, and looks again after a while: then the
provider's own limit holds, which answers 429 and is obeyed.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

import redis
from dramatiq.rate_limits import WindowRateLimiter
from dramatiq.rate_limits.backends import RedisBackend

log = logging.getLogger(__name__)

_AWAY = 5.0  # seconds without asking a Redis that did not answer
_PATIENCE = 0.5  # seconds for its answer


class Pace(Protocol):
    """Says whether one more call may be made within this second."""

    def admits(self) -> bool: ...


class Alone:
    """So many calls a second of this process."""

    def __init__(self, a_second: int, steady: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._steady = a_second, steady
        self._calls: list[float] = []
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Whether fewer than that were made within the last second."""
        now = self._steady()
        with self._lock:
            self._calls = [at for at in self._calls if now - at < 1]
            if len(self._calls) >= self._a_second:
                return False
            self._calls.append(now)
            return True


class Together:
    """So many calls a second of all workers that share a Redis, and a name."""

    def __init__(
        self, name: str, a_second: int, redis_url: str, steady: Callable[[], float] = time.monotonic
    ) -> None:
        client = redis.Redis.from_url(
            redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
        backend = RedisBackend(client=client)
        self._limiter = WindowRateLimiter(  # type: ignore[no-untyped-call]  # Dramatiq's own
            backend, f"outreach-pace-{name}", limit=a_second, window=1
        )
        self._alone, self._steady = Alone(a_second, steady), steady
        self._away_until = float("-inf")

    def admits(self) -> bool:
        """Whether fewer than that were made; where Redis cannot say, of this process alone."""
        if self._steady() < self._away_until:
            return self._alone.admits()
        try:
            with self._limiter.acquire(raise_on_failure=False) as admitted:
                return bool(admitted)
        except redis.RedisError as error:
            log.warning("calls are counted by this process alone, since Redis is away: %s", error)
            self._away_until = self._steady() + _AWAY
            return self._alone.admits()
