"""How does an SMS gateway behave, as far as a client can tell?

It takes POSTs of JSON over HTTP/1.1 connections that stay open. A message whose `Idempotency-Key`
was accepted before gets the answer of that time, and is not accepted twice. A GET with the query
`reference=tch_…` answers 200 with the message taken under that reference, or 404. It can be made to
know neither keys nor references, like providers that do not.
"""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from outreach.standins.connection import Connection

_REASONS = {
    200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found", 405: "Not Allowed",
    429: "Too Many Requests", 503: "Unavailable",
}  # fmt: skip
# Any instant will do: a date in Retry-After means something beside the Date of the same answer.
_DATE = datetime(2001, 1, 1, tzinfo=UTC)


class GatewayProtocol(Connection):
    """One connection of a client."""

    answers_references = True

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
        if head.startswith(b"GET "):
            self._look_up(head.split(b" ")[1].decode("latin-1"))
        else:
            self._answer(headers, rest[:length])
        return True

    def _look_up(self, target: str) -> None:
        if not self.answers_references:
            self._reply(405, {"error": "this gateway does not look up"})
            return
        [reference] = parse_qs(urlsplit(target).query).get("reference", [""])
        found = self._record.of(reference)
        if found is None:
            self._reply(404, {"error": "not known here", "reference": reference})
        else:
            self._reply(200, {"id": found["id"], "reference": reference, "to": found["to"]})

    def _answer(self, headers: dict[str, str], body: bytes) -> None:
        what, _, how = self._script.next().removeprefix("http:").partition(":")
        if what.isdigit():
            self._reply(int(what), {"error": "as the script says"}, _wait(how))
            return
        if what == "reset":
            self._reset()
            return
        try:
            asked = json.loads(body)
            said = asked.get("text") or f"{asked['template']} {json.dumps(asked['params'])}"
            touch, to = asked["reference"], asked["to"]
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            self._reply(400, {"error": f"cannot be read: {error!r}"})
            return
        key = headers.get("idempotency-key", "")
        entry = self._record.known(key) or self._record.accept(
            touch=touch, to=to, said=said, size=len(body), key=key,
            sender=asked.get("sender", ""), began=self._began,
        )  # fmt: skip
        self._accepted(entry["id"], what)

    def _accepted(self, given: str, how: str) -> None:
        if how == "drop":
            self.abort()
        elif how == "broken":
            self._write(202, b'{"id": "' + given.encode())
        elif how == "silence":
            self._silent = True
        elif how == "slow":
            self._drip(_response(202, json.dumps({"id": given}).encode()))
        elif how == "other":
            self._reply(202, {"id": f"other-{given}"})
        else:
            self._reply(202, {"id": given})

    def _reply(self, status: int, answer: dict[str, str], more: str = "") -> None:
        self._write(status, json.dumps(answer).encode(), more)

    def _write(self, status: int, body: bytes, more: str = "") -> None:
        self._transport.write(_response(status, body, more))


class UnaskableGatewayProtocol(GatewayProtocol):
    """A gateway that does not say what it has taken."""

    answers_references = False


def _response(status: int, body: bytes, more: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status} {_REASONS.get(status, 'So')}\r\n"
        f"Date: {format_datetime(_DATE, usegmt=True)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
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
