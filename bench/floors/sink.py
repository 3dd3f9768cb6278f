"""Who takes the mail, and what was it?  A relay that takes everything and notes what and when.

A process of its own, so that its costs are nobody's but its own; it speaks as much of RFC 5321 and
RFC 2920 as a sender needs. Everybody who sends mail in a bench sends it here.
"""

import asyncio
import multiprocessing
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ALONGSIDE = multiprocessing.get_context("fork")
_TOUCH = re.compile(rb"\r\nX-Outreach-Touch: ([^\r]+)\r\n")
_TO = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)
_END = b"\r\n.\r\n"
_EHLO = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


@dataclass(frozen=True, slots=True)
class Book:
    """What was taken so far, in the order in which it came."""

    path: Path

    def received(self) -> list[tuple[str, str]]:
        """Touch and receiver of every message."""
        return [(touch, to) for touch, to, _ in self._lines()]

    def arrived(self) -> dict[str, float]:
        """The second of the clock (`time.time`) at which each receiver had a message last."""
        return {to: float(at) for _, to, at in self._lines()}

    def _lines(self) -> list[tuple[str, str, str]]:
        lines = self.path.read_text(encoding="ascii").splitlines()
        return [(touch, to, at) for touch, to, at in (line.split(" ") for line in lines)]


@contextmanager
def running() -> Iterator[tuple[int, Book]]:
    """The port of a relay, and what it has taken so far."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=512) as listening,
        tempfile.TemporaryDirectory(prefix="outreach-sink-") as folder,
    ):
        book = Book(Path(folder) / "received")
        book.path.touch()
        process = _ALONGSIDE.Process(target=serve, args=(listening, book.path), daemon=True)
        process.start()
        try:
            yield listening.getsockname()[1], book
        finally:
            process.terminate()
            process.join()


def serve(listening: socket.socket, book: Path) -> None:
    asyncio.run(_serve(listening, book))


async def _serve(listening: socket.socket, book: Path) -> None:
    noted = os.open(book, os.O_WRONLY | os.O_APPEND)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(noted), sock=listening)
    await server.serve_forever()


class _Line(asyncio.Protocol):
    """One connection of a sender."""

    def __init__(self, noted: int) -> None:
        self._noted, self._heard, self._to, self._in_body = noted, b"", b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        replies: list[bytes] = []
        notes: list[bytes] = []
        while (said := self._next(notes)) is not None:
            replies.append(said)
        if notes:  # noted before it is answered for: what was answered was received
            os.write(self._noted, b"".join(notes))
        self._transport.write(b"".join(replies))

    def _next(self, notes: list[bytes]) -> bytes | None:
        """The answer to the next thing that was said, once it is there whole."""
        end = _END if self._in_body else b"\r\n"
        said, found, rest = self._heard.partition(end)
        if not found:
            return None
        self._heard = rest
        if self._in_body:
            self._in_body = False
            touch = _TOUCH.search(said)
            notes.append(b"%s %s %.6f\n" % (touch[1] if touch else b"-", self._to, time.time()))
            return b"250 queued\r\n"
        return self._command(said)

    def _command(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"RCPT" and (to := _TO.match(line)):
            self._to = to[1]
        elif verb == b"DATA":
            self._in_body = True
            return b"354 go ahead\r\n"
        elif verb == b"QUIT":
            self._transport.close()
        return _EHLO if verb == b"EHLO" else b"250 ok\r\n"
