"""What has every connection to a stand-in?"""

import asyncio
import socket
import struct
import time
from abc import ABC, abstractmethod

from outreach.standins.record import Record
from outreach.standins.script import Script

_NO_GOODBYE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time, so that a close is a reset
_DRIP = 1.0  # seconds between two bytes of a slow answer


class Connection(asyncio.Protocol, ABC):
    """A client's connection: what was heard of it, and the log and script of the stand-in."""

    _transport: asyncio.Transport

    def __init__(self, record: Record, script: Script) -> None:
        self._record = record
        self._script = script
        self._heard = bytearray()
        self._began = 0.0  # when the first byte of what is being heard came
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

    def _reset(self) -> None:
        """Break off so that the other end is told that the connection was reset."""
        wire: socket.socket = self._transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
        self._transport.abort()

    def _drip(self, answer: bytes) -> None:
        """Answer a byte a second, and hear nothing more."""
        self._silent = True
        if answer and not self._transport.is_closing():
            self._transport.write(answer[:1])
            asyncio.get_running_loop().call_later(_DRIP, self._drip, answer[1:])

    def _greet(self) -> None:
        """Say something first, where the protocol asks for it."""

    def data_received(self, data: bytes) -> None:
        if not self._silent:
            self._began = self._began if self._heard else time.monotonic()
            self._heard += data
            self._read()

    @abstractmethod
    def _read(self) -> None:
        """Take up what has been heard."""
