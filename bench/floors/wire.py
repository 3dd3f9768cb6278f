"""How fast do mails leave over one kept connection?  The next envelope travels behind each dot."""

import asyncio
from collections.abc import Sequence

Letter = tuple[bytes, bytes]  # what stands before the text, and the text with its final dot

_OF_A_LETTER = 4  # replies: to MAIL, RCPT, DATA and the dot


class Wire(asyncio.Protocol):
    """A connection that has been greeted; see `opened`."""

    def __init__(self) -> None:
        self._heard = b""
        self._replies: asyncio.Queue[bytes] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._heard = (self._heard + data).split(b"\r\n")
        for line in lines:
            if line[3:4] != b"-":
                self._replies.put_nowait(line)

    async def greet(self) -> None:
        """Hear who it is, and say who we are."""
        await self._replies.get()
        self._transport.write(b"EHLO bench\r\n")
        await self._replies.get()

    async def carry(self, letters: Sequence[Letter]) -> list[bytes]:
        """Hand these over; answers the reply to each one's dot."""
        said: list[bytes] = []
        for place, (envelope, body) in enumerate(letters):
            if place == 0:
                self._transport.write(envelope)
            for _ in range(_OF_A_LETTER - 1):
                await self._replies.get()
            following = letters[place + 1][0] if place + 1 < len(letters) else b""
            self._transport.write(body + following)
            said.append(await self._replies.get())
        return said


async def opened(port: int) -> Wire:
    """A connection to the relay on this port, ready for its first mail."""
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(Wire, "127.0.0.1", port)
    await wire.greet()
    return wire
