"""What has every stand-in that is spoken to over HTTP/1.1?

Connections stay open, and each request is one message, on which the script has its say. What a
message looks like and how it is answered, each provider's own stand-in knows.
"""

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from outreach.standins.connection import Connection
from outreach.standins.record import Entry

_REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized",
    404: "Not Found", 405: "Not Allowed", 429: "Too Many Requests", 503: "Unavailable",
}  # fmt: skip
# Any instant will do: a date in Retry-After means something beside the Date of the same answer.
_DATE = datetime(2001, 1, 1, tzinfo=UTC)
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants sent, whatever form its provider gives that.

    `key` is the idempotency key where the provider knows one, `echo` what its receipts give back.
    """

    touch: str
    to: str
    said: str
    sender: str = ""
    key: str = ""
    echo: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request: its method, its path with the query, its headers in lower case, its body."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """A response: its status, its body, and headers beyond the usual ones."""

    status: int
    told: object = None
    headers: Mapping[str, str] | None = None

    @property
    def body(self) -> bytes:
        return b"" if self.told is None else json.dumps(self.told).encode()


class HttpProtocol(Connection):
    """One connection of a client."""

    @abstractmethod
    def asked(self, heard: Heard) -> Asked | Said:
        """What this request wants sent, or how it is refused before anybody looks at it.

        Raises `ValueError`, `KeyError` or `TypeError` on what cannot be read.
        """

    @abstractmethod
    def taken(self, asked: Asked, given: str) -> Said:
        """The answer to a message that was taken under this id."""

    def refused(self, status: int) -> Said:
        """The answer with this status, to what was not taken."""
        return Said(status, {"error": "as the script says"})

    def looked_up(self, heard: Heard) -> Said:
        """The answer to a GET."""
        del heard
        return Said(405, {"error": "this stand-in does not look up"})

    def _read(self) -> None:
        while not (self._silent or self._transport.is_closing()) and self._advance():
            pass

    def _advance(self) -> bool:
        head, found, rest = bytes(self._heard).partition(b"\r\n\r\n")
        headers = _headers(head)
        length = int(headers.get("content-length", "0"))
        if not found or len(rest) < length:
            return False
        self._heard = bytearray(rest[length:])
        method, target, *_ = head.decode("latin-1").split(" ", 2)
        heard = Heard(method, target, headers, rest[:length])
        if method == "GET":
            self._write(self.looked_up(heard))
        else:
            self._answer(heard)
        return True

    def _answer(self, heard: Heard) -> None:
        what, _, how = self._script.next().removeprefix("http:").partition(":")
        if what.isdigit():
            self._write(self.refused(int(what)), _wait(how))
        elif what == "reset":
            self._reset()
        elif what == "deaf":
            self._silent = True
        else:
            self._take(heard, what)

    def _take(self, heard: Heard, how: str) -> None:
        try:
            asked = self.asked(heard)
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            self._write(Said(_REFUSED, {"error": f"cannot be read: {error!r}"}))
            return
        if isinstance(asked, Said):
            self._write(asked)
            return
        entry = self._record.known(asked.key) or self._accepted(asked, len(heard.body))
        self._tell(asked, entry["id"], how)

    def _accepted(self, asked: Asked, size: int) -> Entry:
        return self._record.accept(
            touch=asked.touch, to=asked.to, said=asked.said, size=size, key=asked.key,
            sender=asked.sender, began=self._began, echo=asked.echo,
        )  # fmt: skip

    def _tell(self, asked: Asked, given: str, how: str) -> None:
        said = self.taken(asked, given)
        if how == "drop":
            self.abort()
        elif how == "broken":
            self._transport.write(_response(Said(said.status), said.body[: len(said.body) // 2]))
        elif how == "silence":
            self._silent = True
        elif how == "slow":
            self._drip(_response(said))
        elif how == "other":
            self._write(self.taken(asked, f"other-{given}"))
        else:
            self._write(said)

    def _write(self, said: Said, more: str = "") -> None:
        self._transport.write(_response(said, more=more))


def _response(said: Said, body: bytes | None = None, more: str = "") -> bytes:
    body = said.body if body is None else body
    own = "".join(f"{name}: {value}\r\n" for name, value in (said.headers or {}).items())
    head = (
        f"HTTP/1.1 {said.status} {_REASONS.get(said.status, 'So')}\r\n"
        f"Date: {format_datetime(_DATE, usegmt=True)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{own}{more}\r\n"
    )
    return head.encode("ascii") + body


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _wait(how: str) -> str:
    if how.startswith("+"):
        then = _DATE + timedelta(seconds=int(how))
        return f"Retry-After: {format_datetime(then, usegmt=True)}\r\n"
    return f"Retry-After: {how}\r\n" if how else ""
