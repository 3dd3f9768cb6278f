"""What does a gateway for text messages do that is well, slow, or failing?

A process of its own that answers each POST over HTTP/1.1: at once and taken, taken after a second,
or refused with 503 at once. Which of these, the bench says while it runs.
"""

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized

WELL, SLOW, FAILING = range(3)
TAKES = 1.0  # seconds that one that is slow takes for each message
_ALONGSIDE = multiprocessing.get_context("fork")
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where it listens, how it is, and how many messages it has taken."""

    port: int
    manner: "Synchronized[int]"
    taken: "Synchronized[int]"


@contextmanager
def running() -> Iterator[Gateway]:
    """One that is well to begin with."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        gateway = Gateway(
            listening.getsockname()[1], _ALONGSIDE.Value("i", WELL), _ALONGSIDE.Value("i", 0)
        )
        process = _ALONGSIDE.Process(target=_serve, args=(listening, gateway), daemon=True)
        process.start()
        try:
            yield gateway
        finally:
            process.terminate()
            process.join()


def _serve(listening: socket.socket, gateway: Gateway) -> None:
    asyncio.run(_served(listening, gateway))


async def _served(listening: socket.socket, gateway: Gateway) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await _heard(reader)
                writer.write(await _said(gateway))
        except asyncio.IncompleteReadError:  # the client took its leave
            writer.close()

    server = await asyncio.start_server(answer, sock=listening)
    await server.serve_forever()


async def _heard(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH)]
    await reader.readexactly(int(lengths[0].removeprefix(_LENGTH)))


async def _said(gateway: Gateway) -> bytes:
    if gateway.manner.value == FAILING:
        return _response(b"503 Service Unavailable", b"{}")
    if gateway.manner.value == SLOW:
        await asyncio.sleep(TAKES)
    with gateway.taken.get_lock():
        gateway.taken.value += 1
    return _response(b"202 Accepted", b'{"id": "g-%d"}' % gateway.taken.value)


def _response(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body
