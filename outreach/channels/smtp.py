"""How does one SMTP conversation go, and where did it break off?

Written on the socket because what is known about a message depends on the instant at which the
conversation broke: the standard library's client does not say whether the final dot had left.
"""

import re
import socket
import ssl
import time
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Literal

_CONNECT_WITHIN = 5.0  # seconds
_MOMENT = 0.05  # seconds by which a wait may outlast its end
_LONGEST_REPLY = 65536  # bytes; RFC 5321 asks for far less
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\r\n]*))?")


class Lost(Exception):
    """The conversation is over: no connection, a broken one, no time left, or not SMTP."""

    def __init__(self, detail: str, reason: str = "unreachable") -> None:
        self.reason = reason
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a relay said: a code, and its lines as printable text."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"[:300]


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over. With `starttls` or `wrapped` nothing is said in the clear."""

    host: str
    port: int
    tls: Literal["wrapped", "starttls", "none"]
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)


class Conversation:
    """A connection to a relay. Instants are seconds of `time.monotonic`; errors are `Lost`."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._heard = b""
        self._waits = 0.0
        self.offers: frozenset[str] = frozenset()

    def say(self, data: bytes, *, until: float, ahead: bytes = b"") -> bool:
        """Send these bytes, and behind them, as far as that goes, what is to travel ahead.

        If this raises, the relay cannot have all of `data`. Answers whether all of `ahead` went.
        """
        if ahead and isinstance(self._socket, ssl.SSLSocket):
            return self._say(data, until=until) and self._say_ahead(ahead, until=until)
        return self._say(data + ahead, until=until, wanted=len(data))

    def _say(self, data: bytes, *, until: float, wanted: int | None = None) -> bool:
        """Raises where fewer than `wanted` left; of a plain socket it is known how many did."""
        left, sent = memoryview(data), 0
        try:
            while sent < len(data):
                self._wait_until(until)
                sent += self._socket.send(left[sent:])
        except OSError as error:
            if sent < (len(data) if wanted is None else wanted):
                raise Lost(f"the connection broke while sending: {error}") from error
            return False
        return True

    def _say_ahead(self, ahead: bytes, *, until: float) -> bool:
        """Apart, since of a write under TLS that broke off nobody knows how much arrived."""
        try:
            return self._say(ahead, until=until)
        except Lost:
            return False

    def _wait_until(self, until: float) -> None:
        """Each call that sets it enters the kernel: it is set anew when it is off by a moment."""
        left = _left(until)
        if not 0 <= self._waits - left <= _MOMENT:
            self._socket.settimeout(left)
            self._waits = left

    def hear(self, *, until: float) -> Reply:
        """The next reply, however many lines it has."""
        lines: list[str] = []
        signs = 0
        while True:
            code, more, text = self._line(until)
            lines.append(text)
            signs += len(text) + 1  # an empty line is one too
            if not more:
                return Reply(code, " ".join(lines))
            if signs > _LONGEST_REPLY:
                raise Lost("the relay's reply does not end")

    def ask(self, command: str, *, until: float) -> Reply:
        """Say one command and hear its reply."""
        self.say(command.encode("ascii") + b"\r\n", until=until)
        return self.hear(until=until)

    def greet(self, *, until: float) -> None:
        """EHLO under this end's address literal, which needs no name look-up (RFC 5321 4.1.3)."""
        reply = self.ask(f"EHLO {self._own_name()}", until=until)
        if reply.code != 250:  # noqa: PLR2004
            raise Lost(f"the relay does not speak extended SMTP: {reply}")
        self.offers = frozenset(reply.text.upper().split())

    def wrap(self, relay: Relay, *, until: float) -> None:
        """TLS from here on. What came in the clear before is thrown away (RFC 3207 section 6)."""
        context = relay.context or ssl.create_default_context()
        try:
            self._socket.settimeout(_left(until))
            self._socket = context.wrap_socket(self._socket, server_hostname=relay.host)
            self._waits = 0.0
        except OSError as error:
            raise Lost(f"TLS failed: {error}") from error
        self._heard = b""

    def close(self) -> None:
        """Drop the connection; nothing that is worth knowing comes after the last reply."""
        self._socket.close()

    def _own_name(self) -> str:
        own = self._socket.getsockname()[0].partition("%")[0]
        return f"[IPv6:{own}]" if ":" in own else f"[{own}]"

    def _line(self, until: float) -> tuple[int, bool, str]:
        while b"\n" not in self._heard:
            if len(self._heard) > _LONGEST_REPLY:
                raise Lost("the relay's reply has no end of line")
            self._heard += self._received(until)
        raw, _, self._heard = self._heard.partition(b"\n")
        match = _LINE.fullmatch(raw.rstrip(b"\r"))
        if match is None:
            raise Lost(f"not a reply of SMTP: {raw[:80]!r}")
        text = (match[3] or b"").decode("ascii", "replace")
        if not text.isprintable():
            text = "".join(c if c.isprintable() else "?" for c in text)
        return int(match[1]), match[2] == b"-", text

    def _received(self, until: float) -> bytes:
        try:
            self._wait_until(until)
            data = self._socket.recv(65536)
        except OSError as error:
            raise Lost(f"no reply: {error}") from error
        if not data:
            raise Lost("the relay closed the connection")
        return data


def dial(relay: Relay, *, until: float) -> Conversation:
    """A conversation ready for its first message; the connection itself has five seconds.

    Raises `Lost`; with the reason `login` if the relay is there and refuses the credentials.
    """
    try:
        within = min(_CONNECT_WITHIN, _left(until))
        connection = socket.create_connection((relay.host, relay.port), timeout=within)
    except OSError as error:
        raise Lost(f"no connection to the relay: {error}") from error
    conversation = Conversation(connection)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _introduce(conversation, relay, until)
    except BaseException:
        conversation.close()
        raise
    return conversation


def _introduce(conversation: Conversation, relay: Relay, until: float) -> None:
    if relay.tls == "wrapped":
        conversation.wrap(relay, until=until)
    _expect(220, conversation.hear(until=until))
    conversation.greet(until=until)
    if relay.tls == "starttls":
        _expect(220, conversation.ask("STARTTLS", until=until))
        conversation.wrap(relay, until=until)
        conversation.greet(until=until)
    if relay.user:
        _log_in(conversation, relay, until)


def _log_in(conversation: Conversation, relay: Relay, until: float) -> None:
    """AUTH PLAIN (RFC 4616)."""
    secret = b64encode(f"\0{relay.user}\0{relay.password}".encode()).decode()
    reply = conversation.ask(f"AUTH PLAIN {secret}", until=until)
    if reply.code != 235:  # noqa: PLR2004
        raise Lost(f"the relay refuses the credentials: {reply}", reason="login")


def _expect(code: int, reply: Reply) -> None:
    if reply.code != code:
        raise Lost(f"the relay is not ready: {reply}")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("no time left")
    return left
