"""Who sends requests, so many at once, each as soon as the last was answered?

Requests are written beforehand and answers are read no further than their status, so that the
clients, which run on the same cores as what they measure, take as little from it as may be. Each
keeps one connection open (RFC 9112, 9.3) and sends its next request when the last was answered.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence

_HEAD_ENDS = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + _HEAD_ENDS + body


def send(port: int, requests: Sequence[bytes], *, clients: int) -> None:
    """Until all of these are answered with 2xx. Raises `SystemExit` when one is answered else."""
    asyncio.run(_all(port, [requests[first::clients] for first in range(clients)]))


async def _all(port: int, shares: Sequence[Sequence[bytes]]) -> None:
    await asyncio.gather(*(_client(port, share) for share in shares))


async def _client(port: int, share: Sequence[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for one in share:
        writer.write(one)
        head = await reader.readuntil(_HEAD_ENDS)
        found = _LENGTH.search(head)
        body = await reader.readexactly(int(found[1]) if found else 0)
        if not head.startswith(b"HTTP/1.1 2"):
            raise SystemExit(f"answered with {head[:40]!r}: {body[:200]!r}")
    writer.close()
    await writer.wait_closed()
