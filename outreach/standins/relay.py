"""How does a mail relay behave, as far as a client can tell?

Enough of RFC 5321 for one that hands over mail: EHLO, MAIL, RCPT, DATA, RSET, NOOP, QUIT, with
PIPELINING (RFC 2920). Every line must end in CRLF; a bare CR or LF is answered with 500, inside a
message with 550 after the dot.
"""

import re
import time
from email.header import decode_header, make_header

from outreach.standins.connection import Connection
from outreach.standins.record import Record
from outreach.standins.script import Script

_END = b"\r\n.\r\n"
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_ENVELOPE = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}


class RelayProtocol(Connection):
    """One connection of a client."""

    offers = "250-standin\r\n250-PIPELINING\r\n250 8BITMIME"

    def __init__(self, record: Record, script: Script) -> None:
        super().__init__(record, script)
        self._replies: list[str] = []
        self._plan = ""
        self._steps: set[str] = set()  # what of the envelope was taken
        self._in_body = False
        self._body_began = 0.0
        self._to = ""

    def _greet(self) -> None:
        self._transport.write(b"220 standin ESMTP\r\n")

    def _read(self) -> None:
        while not (self._silent or self._transport.is_closing()) and self._advance():
            pass
        self._transport.write("".join(f"{reply}\r\n" for reply in self._replies).encode())
        self._replies = []

    def _advance(self) -> bool:
        if self._in_body:
            return self._read_body()
        line, found, rest = bytes(self._heard).partition(b"\n")
        if found:
            self._heard = bytearray(rest)
            self._command(line)
        return bool(found)

    def _command(self, line: bytes) -> None:
        verb, _, rest = line.decode("ascii", "replace").rstrip("\r").partition(" ")
        verb = verb.upper()
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            self._replies.append("500 lines end in CRLF")
        elif verb in _ENVELOPE:
            self._envelope(verb, rest)
        elif verb == "EHLO":
            self._replies.append(self.offers)
        elif verb in {"RSET", "NOOP"}:
            self._forget()
            self._replies.append("250 ok")
        elif verb == "QUIT":
            self._hang_up("221 bye")
        else:
            self._replies.append("502 not known here")

    def _envelope(self, verb: str, rest: str) -> None:
        if verb == "MAIL" and "mail" not in self._steps:
            self._plan = self._script.next()
        step = _ENVELOPE[verb]
        planned, _, code = self._plan.partition(":")
        if planned == step:
            self._refuse(code)
        elif step == "rcpt" and "rcpt" in self._steps:
            self._replies.append("452 one at a time")
        elif step == "mail" and "mail" in self._steps:
            self._replies.append("503 one message at a time")
        elif not {"mail": set(), "rcpt": {"mail"}, "data": {"mail", "rcpt"}}[step] <= self._steps:
            self._replies.append("503 out of order")
        else:
            self._take(step, rest)

    def _take(self, step: str, rest: str) -> None:
        self._steps.add(step)
        if step == "rcpt":
            self._to = rest.partition("<")[2].rpartition(">")[0]
        self._in_body = step == "data"
        self._body_began = 0.0
        self._replies.append("354 go ahead" if self._in_body else "250 ok")

    def _refuse(self, code: str) -> None:
        reply = f"{code} as the script says"
        if code == "421":
            self._hang_up(reply)
        else:
            self._replies.append(reply)

    def _read_body(self) -> bool:
        if self._heard and not self._body_began:
            self._body_began = time.monotonic()
        if self._plan == "body:drop":
            if self._heard:
                self.abort()
            return False
        # An empty message is a lone dot right after the go-ahead.
        end = 0 if self._heard.startswith(_END[2:]) else self._heard.find(_END) + 2
        if end == 1:
            return False
        message = bytes(self._heard[:end])
        del self._heard[: end + 3]
        self._dot(message)
        return True

    def _dot(self, message: bytes) -> None:
        plan, to = self._plan, self._to
        self._forget()
        what, _, how = plan.partition(":")
        if what == "dot" and how.isdigit():
            self._refuse(how)
        elif _BARE.search(message):
            self._replies.append("550 bare CR or LF in the message")
        else:
            self._accept(message, to, how if what == "dot" else "")

    def _accept(self, message: bytes, to: str, how: str) -> None:
        fields = _fields(message)
        entry = self._record.accept(
            touch=fields.get("X-Outreach-Touch", ""),
            to=to,
            said=str(make_header(decode_header(fields.get("Subject", "")))),
            size=len(message),
            unsubscribe=fields.get("List-Unsubscribe", "").strip("<>"),
            sender=fields.get("From", ""),
            began=self._body_began,
        )
        if how == "drop":
            self.abort()
        elif how == "silence":
            self._silent = True
        elif how == "slow":
            self._drip(f"250 2.0.0 Ok: queued as {entry['id']}\r\n".encode())
        else:
            self._replies.append(f"250 2.0.0 Ok: queued as {entry['id']}")

    def _forget(self) -> None:
        self._plan, self._to = "", ""
        self._in_body = False
        self._steps = set()

    def _hang_up(self, reply: str) -> None:
        self._replies.append(reply)
        self._transport.write("".join(f"{said}\r\n" for said in self._replies).encode())
        self._replies = []
        self._transport.close()


class PlainRelayProtocol(RelayProtocol):
    """A relay that wants to be asked one thing at a time."""

    offers = "250 standin"


def _fields(message: bytes) -> dict[str, str]:
    head = message.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    lines = re.sub("\r\n(?=[ \t])", "", head).split("\r\n")
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
