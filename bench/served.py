"""On which port is an application served, by which process of its own?"""

import multiprocessing
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from bench import stage
from outreach import hints as wake_ups
from outreach.embedded import desk
from outreach.hints import Hints
from outreach.web import server

_ALONGSIDE = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens on this machine, and which process it is."""

    port: int
    pid: int


@contextmanager
def served(make: Callable[[], ASGIApp]) -> Iterator[Served]:
    """While it lasts, this is served by a uvicorn of its own, as ours is in earnest."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)

    def serve() -> None:
        config = uvicorn.Config(make(), log_config=None, access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])

    process = _ALONGSIDE.Process(target=serve)
    process.start()
    assert process.pid is not None
    try:
        yield Served(listening.getsockname()[1], process.pid)
    finally:
        process.terminate()
        process.join()


def ours(servers: desk.Servers) -> ASGIApp:
    """The web application as `outreach web` serves it."""
    web = server.create(stage.built(servers), Hints(wake_ups.open_broker(servers.redis_url)))
    server.settle_down()
    return web
