"""What surrounds every request: its line in the log, its headers, and what happens if we fail?

The log tells the route as it is written here and never the address as it was called: addresses hold
tokens and the names of persons. An error is told by its kind and place, since its text may quote a
row.
"""

import logging
import time
import traceback

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach.web import problems

log = logging.getLogger(__name__)

# Nothing is loaded from elsewhere, nothing frames us, and no address leaks to where a link leads.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_FRAMES = 4


class Contained:
    """Logs, dresses and contains one request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except ClientDisconnect:
            log.info("the caller went away")
        except Exception as error:  # noqa: BLE001  # the edge: nothing is above but a log with rows in it
            log.error("unexpected %s at %s", type(error).__qualname__, _place(error))  # noqa: TRY400  # its text stays out
            if not status:
                await problems.response(Request(scope), problems.UNEXPECTED)(
                    scope, receive, dressed
                )
        log.info(
            "%s %s %d %.0f ms",
            scope["method"], route_of(scope), status, 1000 * (time.monotonic() - began),
        )  # fmt: skip


def route_of(scope: Scope) -> str:
    """The route as it is written here, without what the caller put into it."""
    return str(getattr(scope.get("route"), "path", "-"))


def _dress(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
