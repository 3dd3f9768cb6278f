"""How is a worker woken? By a message that says where to look; it carries no more than that.

The table is the truth. A hint that is lost costs the time until the next look, one that comes twice
costs an empty look, so nothing here is retried and nothing depends on Redis.
"""

import logging
import time
from collections.abc import Callable

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from optout.model import Channel
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.errors import Misconfigured

log = logging.getLogger(__name__)

# One for all channels, since each that is asked after costs a process ten questions a second. That
# a slow relay does not hold up SMS is seen to by lanes.
EVENTS_QUEUE, TOUCHES_QUEUE = "events", "touches"
ENROL, LOOK, NEWS = "enrol", "look", "news"
# Seconds without hints after one that did not go out: a Redis that says nothing costs its time-out
# each time, and whoever waits for it could have sent meanwhile.
_REST = 5.0
_GOOD_POLICY = "noeviction"


def actor_of(channel: Channel, *, news: bool = False) -> str:
    """The actor that sends on this channel, or news of orders alone."""
    return f"{NEWS if news else LOOK}-{channel}"


class Hints:
    """Sends wake-ups through Dramatiq; answers whether they went out.

    After one that did not, none is tried for a few seconds of `steady`.
    """

    def __init__(
        self, broker: dramatiq.Broker, *, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._broker, self._steady = broker, steady
        self._rests_until = -_REST
        self._away = False

    def enrol(self, brand: BrandRef) -> bool:
        """Some of this brand's events wait for a look at the campaigns."""
        return self._send(EVENTS_QUEUE, ENROL, (brand.id, brand.key))

    def look(self, look: Look) -> bool:
        """Something is due for this brand on this channel."""
        where = (look.brand.id, look.brand.key, str(look.channel))
        return self._send(TOUCHES_QUEUE, actor_of(look.channel, news=look.news), where)

    def _send(self, queue: str, actor: str, where: tuple[object, ...]) -> bool:
        if self._steady() < self._rests_until:
            return False
        message: dramatiq.Message[None] = dramatiq.Message(queue, actor, where, {}, {})
        try:
            self._broker.enqueue(message)
        except (redis.RedisError, dramatiq.errors.BrokerConnectionError) as error:
            self._rests_until = self._steady() + _REST
            self._tell(away=True, detail=str(error))
            return False
        self._tell(away=False, detail="hints go out again")
        return True

    def _tell(self, *, away: bool, detail: str) -> None:
        """Log a change, and not each of the hints that are lost while Redis is away."""
        if away != self._away:
            log.warning(
                "hints: %s", f"lost, workers look by themselves: {detail}" if away else detail
            )
            self._away = away


class UndelayedBroker(RedisBroker):
    """A broker without delay queues: what is due later is a row, and nobody polls for it here."""

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue and not its delayed twin, which would cost a polling thread each."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)


def client(url: str) -> redis.Redis:
    """A connection that gives up soon and never repeats a command by itself.

    Raises `Misconfigured` when the URL cannot be read.
    """
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=5,
            socket_connect_timeout=2,
            health_check_interval=30,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError as error:
        raise Misconfigured(f"OUTREACH_REDIS_URL cannot be read: {error}") from error


def open_broker(url: str, *middleware: dramatiq.Middleware) -> RedisBroker:
    """The broker, without retries, time limits or results.

    Dramatiq gives a dead worker's messages back only in passing and once its heartbeat is old; both
    are set so that this happens soon. Raises `Misconfigured` where Redis evicts, or where messages
    are not written as JSON.
    """
    if not url:
        raise Misconfigured("OUTREACH_REDIS_URL is not set, such as redis://127.0.0.1:6379/0")
    refuse_encoders()
    connection = client(url)
    refuse_eviction(connection.info)
    return UndelayedBroker(  # type: ignore[no-untyped-call]  # Dramatiq types its brokers in part
        client=connection,
        middleware=list(middleware),
        heartbeat_timeout=30_000,
        maintenance_chance=1_000_000,
    )


def refuse_encoders() -> None:
    """Whoever can write to Redis could have code run by another encoder, such as Dramatiq's pickle.

    Raises `Misconfigured` (OWASP ASVS 5.0, 1.5.2).
    """
    encoder = type(dramatiq.get_encoder())
    if encoder is not dramatiq.JSONEncoder:
        raise Misconfigured(f"messages are to be JSON, and Dramatiq was given {encoder.__name__}")


def refuse_eviction(info: Callable[[str], object]) -> None:
    """An evicting Redis drops whole queues without an error: better not to start on one.

    A Redis that is away is no reason not to start. Raises `Misconfigured`.
    """
    try:
        memory = info("memory")
    except redis.RedisError as error:
        log.warning("Redis is away, work goes on without hints: %s", error)
        return
    policy = memory.get("maxmemory_policy") if isinstance(memory, dict) else None
    if policy != _GOOD_POLICY:
        raise Misconfigured(
            f"Redis evicts keys when it is full (maxmemory-policy {policy}); "
            f"set it to {_GOOD_POLICY}, on an instance of its own"
        )
