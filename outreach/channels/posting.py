"""How does one request go, and had it left when it broke off?

A request counts as sent once its last byte is with the kernel: a provider can have acted on it from
then on. Before that it has an unfinished body at most, which acts on nothing.
"""

import re
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from outreach.channels.guard import Guard
from outreach.errors import Misconfigured

_CONNECT_WITHIN = 5.0  # seconds
_REST = (
    3.0  # seconds; many servers drop an idle connection after five, and a race with that is lost
)
_LABEL = 63  # signs of a host between two dots
_LONGEST_ANSWER = 65536  # bytes
_URL = re.compile(r"https?://[!-~]+")


class NotSent(Exception):
    """The request has not left whole."""


class NoAnswer(Exception):
    """The request has left, and no status line came back."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: header names in lower case, and a body that is empty unless it came whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to POST to. With a `guard`, because a customer named it and not the installation."""

    secure: bool
    host: str
    port: int
    target: str
    context: ssl.SSLContext | None = None
    guard: Guard | None = None


def endpoint(
    url: str, context: ssl.SSLContext | None = None, *, guard: Guard | None = None
) -> Endpoint:
    """The parts of an http or https URL. Raises `Misconfigured`, without repeating the URL."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Misconfigured("the gateway's URL has no readable port") from error
    if not (host and _URL.fullmatch(url)):
        raise Misconfigured("the gateway's URL needs http:// or https://, a host, and plain ASCII")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    return Endpoint(secure, host, port or (443 if secure else 80), target, context, guard)


def is_host(host: str) -> bool:
    """Whether this could be looked up: labels of one to 63 signs, a dot at the end at most."""
    return ":" in host or all(0 < len(one) <= _LABEL for one in host.removesuffix(".").split("."))


class Line:
    """A connection for one request after the other, opened when needed."""

    def __init__(self, to: Endpoint) -> None:
        self._to = to
        self._connection: HTTPConnection | None = None
        self._rested_since = 0.0

    def post(self, body: bytes, headers: Mapping[str, str], *, until: float) -> Response:
        """POST and hear the answer, at the latest by `until` in seconds of `time.monotonic`.

        Raises `NotSent` or `NoAnswer`.
        """
        return self.ask("POST", self._to.target, body, headers, until=until)

    def get(
        self, query: Mapping[str, str], headers: Mapping[str, str], *, until: float
    ) -> Response:
        """GET with these fields added to the address's own. Raises as `post` does."""
        joined = "&" if "?" in self._to.target else "?"
        target = f"{self._to.target}{joined}{urlencode(query)}"
        return self.ask("GET", target, None, headers, until=until)

    def ask(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        until: float,
    ) -> Response:
        """Any request to any path of this host. Raises as `post` does."""
        try:
            connection, wire = self._ready(until)
            connection.request(method, target, body=body, headers=dict(headers))
        except (OSError, HTTPException, ValueError) as error:  # a host or header that is none
            self.close()
            raise NotSent(_said(error)) from error
        try:
            wire.settimeout(_left(until))
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(_said(error)) from error
        headers_back = {name.lower(): value for name, value in response.getheaders()}
        answer = Response(response.status, headers_back, _body(response, wire, until))
        self._rest(response, answer)
        return answer

    def close(self) -> None:
        """Close the connection; the next POST opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _ready(self, until: float) -> tuple[HTTPConnection, socket.socket]:
        kept = self._connection
        if kept is None or kept.sock is None or self._stale(kept.sock):
            self.close()
            kept = self._connection = self._dialled(until)
        kept.sock.settimeout(_left(until))
        return kept, kept.sock

    def _dialled(self, until: float) -> HTTPConnection:
        to, within = self._to, min(_CONNECT_WITHIN, _left(until))
        connection = (
            HTTPSConnection(to.host, to.port, timeout=within, context=to.context)
            if to.secure
            else HTTPConnection(to.host, to.port, timeout=within)
        )
        if to.guard is None:
            connection.connect()
        else:
            connection.sock = to.guard.connect(to.host, to.port, context=_tls(to), until=until)
        return connection

    def _stale(self, wire: socket.socket) -> bool:
        """Whether the other end has hung up, or said something that nobody asked for."""
        if time.monotonic() - self._rested_since > _REST:
            return True
        poll = select.poll()
        poll.register(wire, select.POLLIN)
        return bool(poll.poll(0))

    def _rest(self, response: HTTPResponse, answer: Response) -> None:
        self._rested_since = time.monotonic()
        whole = response.isclosed() or response.length == 0
        response.close()
        if not whole or answer.status < 200:  # noqa: PLR2004  # the rest of it would come first
            self.close()


def _body(response: HTTPResponse, wire: socket.socket, until: float) -> bytes:
    body = b""
    try:
        while len(body) <= _LONGEST_ANSWER:
            wire.settimeout(_left(until))
            chunk = response.read1(_LONGEST_ANSWER)
            if not chunk:
                return body if not response.length else b""
            body += chunk
    except (OSError, HTTPException):
        return b""  # the status is known, and the reader of an empty body knows what that means
    return b""


def _tls(to: Endpoint) -> ssl.SSLContext | None:
    return (to.context or ssl.create_default_context()) if to.secure else None


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
