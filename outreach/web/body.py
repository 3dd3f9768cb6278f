"""What did the request bring along, and is it small enough to be read?"""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.errors import Invalid
from outreach.web.problems import Unreadable

LARGEST = 10 * 1024 * 1024  # bytes of a body
LARGEST_UNKNOWN = 64 * 1024  # bytes from somebody of whom it is not known who they are
LARGEST_PUSHED = 1024 * 1024  # bytes; the largest message of any platform known is far below
# What platforms push is larger than a form; whoever takes it in measures it (`Pushed`).
_PUSHED = ("/back/", "/calls/", "/in/")
_LINES = frozenset({"application/x-ndjson", "application/jsonl", "application/ndjson"})


class Bounded:
    """Refuses bodies that are too large while they are read, whatever their headers promise.

    Forms are read before a route asks who sent them. So nobody is asked for as long as a body is
    small, and a stranger's is read no further; `known` looks who it is, at most once a request.
    """

    def __init__(self, app: ASGIApp, *, known: Callable[[Request], Awaitable[bool]]) -> None:
        self._app, self._known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read, pushed = 0, str(scope.get("path", "")).startswith(_PUSHED)
        largest = LARGEST if pushed else LARGEST_UNKNOWN

        async def bounded() -> Message:
            nonlocal read, largest
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest == LARGEST_UNKNOWN and await self._known(Request(scope)):
                largest = LARGEST
            if read > largest:
                raise HTTPException(413, _too_large(largest))
            return message

        await self._app(scope, bounded, send)


def _too_large(largest: int) -> str:
    if largest == LARGEST:
        return f"send at most {largest} bytes, in several requests"
    return f"send at most {largest} bytes, or log in or give a valid API key first"


async def _whole(request: Request) -> bytes:
    return await request.body()


# Asked for after the caller is known, so that strangers' bodies are not read.
Body = Annotated[bytes, Depends(_whole)]


async def pushed(request: Request) -> bytes | None:
    """The body as it came; `None` of one that is too large, however its headers call it."""
    parts, read = [], 0
    async for part in request.stream():
        read += len(part)
        if read > LARGEST_PUSHED:
            return None
        parts.append(part)
    return b"".join(parts)


Pushed = Annotated[bytes | None, Depends(pushed)]


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
