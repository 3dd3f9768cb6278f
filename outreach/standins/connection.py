"""What has every connection to a stand-in?"""

import asyncio

from outreach.standins.record import Record
from outreach.standins.script import Script


class Connection(asyncio.Protocol):
    """A client's connection: what was heard of it, and the log and script of the stand-in."""

    _transport: asyncio.Transport

    def __init__(self, record: Record, script: Script) -> None:
        self._record = record
        self._script = script
        self._heard = bytearray()
        self._silent = False  # from here on it neither reads nor answers
        self._made = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stand-in needs a stream")
        self._transport = transport
        self._made = True
        self._greet()

    def abort(self) -> None:
        """Break off without a word; one whose TLS never came about has nothing to break."""
        if self._made:
            self._transport.abort()

    def _greet(self) -> None:
        """Say something first, where the protocol asks for it."""

    def data_received(self, data: bytes) -> None:
        if not self._silent:
            self._heard += data
            self._read()

    def _read(self) -> None:
        """Take up what has been heard."""
        raise NotImplementedError
