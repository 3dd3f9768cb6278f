"""What did the request bring along, and is it small enough to be read?"""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.errors import Invalid
from outreach.web.problems import Unreadable

LARGEST = 10 * 1024 * 1024  # bytes of a body
LARGEST_UNKNOWN = 64 * 1024  # bytes of a form from somebody who is not logged in yet
LARGEST_PUSHED = 1024 * 1024  # bytes; the largest message of any platform known is far below
_LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/ndjson"})


class Bounded:
    """Refuses bodies that are too large while they are read, whatever their headers promise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read, largest = 0, LARGEST_UNKNOWN if scope.get("path") == "/login" else LARGEST

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413, f"send at most {largest} bytes, in several requests")
            return message

        await self._app(scope, bounded, send)


async def _whole(request: Request) -> bytes:
    return await request.body()


# Asked for after the caller is known, so that strangers' bodies are not read.
Body = Annotated[bytes, Depends(_whole)]


async def _pushed(request: Request) -> bytes | None:
    """The body as it came; `None` of one that is too large, however its headers call it."""
    parts, read = [], 0
    async for part in request.stream():
        read += len(part)
        if read > LARGEST_PUSHED:
            return None
        parts.append(part)
    return b"".join(parts)


Pushed = Annotated[bytes | None, Depends(_pushed)]


def items(content_type: str, body: bytes) -> Iterator[object]:
    """The entries of a JSON array, or the lines of NDJSON; a line that is no JSON is its `Invalid`.

    Raises `Unreadable` when the body as a whole is neither.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _LINES:
        return (_line(line) for line in body.split(b"\n") if line.strip())
    if kind != "application/json":
        raise Unreadable(f"content type {kind!r}: send application/json or application/x-ndjson")
    decoded = _decoded(body)
    if not isinstance(decoded, list):
        raise Unreadable("send a JSON array, with one object for each")
    return iter(decoded)


def _line(line: bytes) -> object:
    try:
        return _decoded(line)
    except Invalid as error:
        return error


def _decoded(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
