"""Does a Redis that is away, or says nothing, keep anybody from working?"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import redis
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from outreach.db.engine import BrandRef
from outreach.hints import Hints

BRAND = BrandRef(1, "lumen")


@dataclass
class Steady:
    """Seconds that pass when they are told to."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Door:
    """Where Redis is told to be, and how often somebody tried to get in."""

    server: socket.socket
    tried: list[socket.socket] = field(default_factory=list)

    def knocks(self) -> int:
        """How often, up to now; everybody is left waiting."""
        while True:
            try:
                self.tried.append(self.server.accept()[0])
            except BlockingIOError:
                return len(self.tried)


@contextmanager
def a_frozen_redis() -> Iterator[Door]:
    """It accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        server.setblocking(False)
        door = Door(server)
        yield door
        for one in door.tried:
            one.close()


@pytest.fixture
def frozen() -> Iterator[Door]:
    with a_frozen_redis() as door:
        yield door


def sender(door: Door, steady: Steady) -> Hints:
    host, port = door.server.getsockname()
    client = redis.Redis(host=host, port=port, socket_timeout=0.1, retry=Retry(NoBackoff(), 0))
    return Hints(RedisBroker(client=client, middleware=[]), steady=steady)  # type: ignore[no-untyped-call]  # Dramatiq types its brokers in part


def test_a_frozen_redis_costs_one_hint_its_time_and_not_each(frozen: Door) -> None:
    """Given one that timed out, when more hints come soon after, then nobody waits for them."""
    hints = sender(frozen, Steady())
    assert not hints.enrol(BRAND)
    waited = frozen.knocks()
    assert waited > 0
    assert not any(hints.enrol(BRAND) for _ in range(20))
    assert frozen.knocks() == waited


def test_after_a_few_seconds_it_is_tried_again(frozen: Door) -> None:
    """A Redis that came back is used again."""
    steady = Steady()
    hints = sender(frozen, steady)
    assert not hints.enrol(BRAND)
    waited = frozen.knocks()
    steady.now += 6
    assert not hints.enrol(BRAND)
    assert frozen.knocks() > waited
