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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stand-in needs a stream")
        self._transport = transport
        self._greet()

    def abort(self) -> None:
        """Break off without a word."""
        self._transport.abort()

    def _greet(self) -> None:
        """Say something first, where the protocol asks for it."""
