"""How does a stand-in run, and where is it listening?

    with serving.smtp(log) as server:
        relay = f"smtp://127.0.0.1:{server.port}?tls=none"

Each runs one event loop; here in a thread beside the caller, in `__main__` as the whole process.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outreach.standins.connection import Connection
from outreach.standins.gateway import GatewayProtocol, UnaskableGatewayProtocol
from outreach.standins.record import Entry, Record, read
from outreach.standins.relay import PlainRelayProtocol, RelayProtocol
from outreach.standins.script import Script, rules
from outreach.standins.vendors.catalogue import IMITATED

HOST = "127.0.0.1"
KINDS: dict[str, type[Connection]] = {
    **{name: one.protocol for name, one in IMITATED.items()},
    "smtp": RelayProtocol,
    "smtp-plain": PlainRelayProtocol,
    "sms": GatewayProtocol,
    "sms-unaskable": UnaskableGatewayProtocol,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a stand-in behaves: its rules, the seed of those that draw, whether it knows keys."""

    answers: Sequence[str] = ()
    seed: str = ""
    knows_keys: bool = True


@dataclass
class Server:
    """A stand-in that is listening: its port, its log, and how many connections it has had."""

    port: int
    log: Path
    connections: int = 0

    @property
    def accepted(self) -> list[Entry]:
        """What it has accepted so far, oldest first."""
        return read(self.log)


async def serve(
    kind: str,
    log: Path,
    *,
    manner: Manner | None = None,
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    ready: Callable[[Server], None],
    until: asyncio.Event,
) -> None:
    """Listen on 127.0.0.1, say so through `ready`, and stop at `until`. Port 0 is any free one.

    Raises `ValueError` for an answer that is no rule, `OSError` when port or log cannot be had.
    """
    manner = manner or Manner()
    record = Record(log, knows_keys=manner.knows_keys)
    script = Script(rules(manner.answers), seed=manner.seed, after=record.at)
    server = Server(port, log)
    connections: list[Connection] = []

    def answer_one() -> Connection:
        server.connections += 1
        connections.append(KINDS[kind](record, script))
        return connections[-1]

    listening = await asyncio.get_running_loop().create_server(answer_one, HOST, port, ssl=tls)
    try:
        server.port = listening.sockets[0].getsockname()[1]
        ready(server)
        await until.wait()
    finally:
        listening.close()
        for connection in connections:
            connection.abort()
        record.close()


@contextmanager
def smtp(
    log: Path,
    *,
    answers: Sequence[str] = (),
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    pipelining: bool = True,
) -> Iterator[Server]:
    """A mail relay in a thread, for the length of the block."""
    kind = "smtp" if pipelining else "smtp-plain"
    with _in_a_thread(kind, log, Manner(answers), port=port, tls=tls) as server:
        yield server


@contextmanager
def sms(
    log: Path,
    *,
    answers: Sequence[str] = (),
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    knows_keys: bool = True,
    looks_up: bool = True,
) -> Iterator[Server]:
    """An SMS gateway in a thread, for the length of the block."""
    kind = "sms" if looks_up else "sms-unaskable"
    manner = Manner(answers, knows_keys=knows_keys)
    with _in_a_thread(kind, log, manner, port=port, tls=tls) as server:
        yield server


@contextmanager
def vendor(
    name: str, log: Path, *, answers: Sequence[str] = (), seed: str = ""
) -> Iterator[Server]:
    """A provider of `vendors`, as it is documented, in a thread for the length of the block."""
    with _in_a_thread(name, log, Manner(answers, seed), port=0, tls=None) as server:
        yield server


@contextmanager
def _in_a_thread(
    kind: str, log: Path, manner: Manner, *, port: int, tls: ssl.SSLContext | None
) -> Iterator[Server]:
    started: Future[tuple[Server, Callable[[], object]]] = Future()

    async def live() -> None:
        loop, end = asyncio.get_running_loop(), asyncio.Event()

        def ready(server: Server) -> None:
            started.set_result((server, lambda: loop.call_soon_threadsafe(end.set)))

        await serve(kind, log, manner=manner, port=port, tls=tls, ready=ready, until=end)

    def run() -> None:
        try:
            asyncio.run(live())
        except (OSError, ValueError) as error:  # the caller waits for it, and raises it
            started.set_exception(error)

    thread = threading.Thread(target=run, name=f"standin-{kind}", daemon=True)
    thread.start()
    server, stop = started.result()
    try:
        yield server
    finally:
        stop()
        thread.join()
