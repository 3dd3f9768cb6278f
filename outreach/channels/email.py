"""How does mail leave, and what is known of each message afterwards?

| where it broke | answer |
|---|---|
| before the whole message had left | `Refused`, may be tried again |
| 4xx or 5xx, to whichever command or to the final dot | `Refused`, for now or for good |
| final dot sent, no reply | `Uncertain` |

SMTP has no key against repetition (RFC 1047 describes the gap), so the reply to the dot is awaited
up to the message's deadline: a shorter patience would only make more uncertain ones. Each
transaction has one recipient. The envelope of the next message travels behind the dot of this one
(PIPELINING, RFC 2920), its body never: so when a connection dies, one message at most is uncertain.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Literal

from outreach.channels import mime, smtp
from outreach.channels.kept import Kept
from outreach.channels.protocol import (
    TOO_LATE,
    Accepted,
    Answer,
    Capabilities,
    Outgoing,
    Refused,
    Uncertain,
)
from outreach.channels.returns import Returns
from outreach.channels.smtp import Lost, Reply
from outreach.errors import Invalid

# Marked together for a relay that takes as many in a second; they still begin by the hundred.
_TOGETHER = 400
_WITHIN = 20.0  # seconds for everything before the final dot
_CLOSING = 421
_GO_AHEAD = 354
_DATA = b"DATA\r\n"
_LOGIN_CODES = frozenset({530, 534, 535, 538})  # RFC 4954 section 6


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes over the wire: its envelope, and its bytes with the final dot."""

    touch_id: str
    envelope: tuple[bytes, bytes, bytes]
    body: bytes
    deadline: float

    @property
    def late(self) -> bool:
        return time.monotonic() >= self.deadline


class Smtp:
    """Mail over connections to one relay that are kept between calls."""

    def __init__(
        self,
        relay: smtp.Relay,
        *,
        clock: Callable[[], datetime],
        returns: Returns | None = None,
    ) -> None:
        """`clock` dates the mail; `returns` marks it, so that reports about it are known."""
        receipts: Literal["none", "pull"] = "pull" if returns and returns.address else "none"
        self.capabilities = Capabilities(_TOGETHER, idempotent=False, receipts=receipts)
        self._clock, self._returns = clock, returns
        self._lines = Kept(lambda: _Line(relay))

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Hand over one after the other; see `WayOut`."""
        letters = []
        for one in outgoing:
            written = _letter(one, now=self._clock(), returns=self._returns)
            if isinstance(written, Letter):
                letters.append(written)
            else:
                yield one.touch_id, written
        with self._lines.lent() as line:
            yield from line.carry(letters)

    def close(self) -> None:
        """Close the connections at rest; see `WayOut`."""
        self._lines.close()


def _letter(one: Outgoing, *, now: datetime, returns: Returns | None) -> Letter | Refused:
    mark = returns.mark(one.brand, one.touch_id) if returns else ""
    back = returns.sender(one.brand, one.touch_id) if returns else None
    try:
        written = mime.message(one, now=now, mark=mark)
    except Invalid as error:
        return Refused("malformed", error.sentence, permanent=True)
    sender, to = (back or one.sender.address).encode("ascii"), one.to.encode("ascii")
    envelope = (b"MAIL FROM:<" + sender + b">\r\n", b"RCPT TO:<" + to + b">\r\n", _DATA)
    # No line of ours begins with a dot; doubling it costs nothing and keeps that from mattering.
    body = written.replace(b"\r\n.", b"\r\n..") + b".\r\n"
    return Letter(one.touch_id, envelope, body, one.deadline)


class _Line:
    """One connection, dialled when needed, and whose envelope is already out on it."""

    def __init__(self, relay: smtp.Relay) -> None:
        self._relay = relay
        self._conversation: smtp.Conversation | None = None
        self._ahead: Letter | None = None
        self._untidy = False  # a refused envelope is still open at the relay

    def carry(self, letters: Sequence[Letter]) -> Iterator[tuple[str, Answer]]:
        try:
            for letter, following in zip_longest(letters, letters[1:]):
                yield letter.touch_id, self._pass_on(letter, following)
        finally:
            if self._ahead is not None:  # the caller left early, and the relay waits for a body
                self._drop()

    def close(self) -> None:
        """Take leave. However that goes, every message has its answer already."""
        if self._conversation is not None:
            with suppress(Lost):
                self._conversation.say(b"QUIT\r\n", until=time.monotonic() + 1)
        self._drop()

    def _drop(self) -> None:
        if self._conversation is not None:
            self._conversation.close()
        self._conversation, self._ahead, self._untidy = None, None, False

    def _pass_on(self, letter: Letter, following: Letter | None) -> Answer:
        if letter.late:
            self._drop()
            return TOO_LATE
        until = min(letter.deadline, time.monotonic() + _WITHIN)
        try:
            talk, refused = self._admitted(letter, until)
            if refused:
                return refused
            ahead = following if self._may_go_ahead(talk, following) else None
            behind = b"".join(ahead.envelope) if ahead else b""
            self._ahead = ahead if talk.say(letter.body, until=until, ahead=behind) else None
        except Lost as error:
            self._drop()
            return Refused(error.reason, str(error), permanent=False)
        answer = self._answer(talk, letter)
        if ahead and not self._ahead:  # half an envelope is out, and nothing can follow it
            self._drop()
        return answer

    def _may_go_ahead(self, talk: smtp.Conversation, following: Letter | None) -> bool:
        return following is not None and not following.late and "PIPELINING" in talk.offers

    def _answer(self, talk: smtp.Conversation, letter: Letter) -> Answer:
        try:
            reply = talk.hear(until=letter.deadline)
        except Lost as error:
            self._drop()
            return Uncertain(f"the message left whole, then: {error}")
        if reply.code == _CLOSING:
            self._drop()
        return _outcome(reply)

    def _admitted(self, letter: Letter, until: float) -> tuple[smtp.Conversation, Refused | None]:
        """Bring the relay to wait for the body, or return its refusal. Nothing of it has left.

        A kept connection may have died meanwhile; then, and only then, another is tried.
        """
        if self._conversation is not None:
            with suppress(Lost):
                return self._conversation, self._envelope(self._conversation, letter, until)
            self._drop()
        self._conversation = smtp.dial(self._relay, until=until)
        return self._conversation, self._envelope(self._conversation, letter, until)

    def _envelope(self, talk: smtp.Conversation, letter: Letter, until: float) -> Refused | None:
        heard = self._replies(talk, letter, until)
        self._ahead = None
        refusal = next((reply for command, reply in heard if not _goes_on(command, reply)), None)
        if refusal is None:
            return None
        if refusal.code == _CLOSING or refusal.code < 400:  # noqa: PLR2004
            raise Lost(f"the relay does not go on: {refusal}")
        self._untidy = True
        if _goes_on(*heard[-1]):  # it wants a body for nobody: leave rather than send one
            self._drop()
        return _refused(refusal)

    def _replies(
        self, talk: smtp.Conversation, letter: Letter, until: float
    ) -> list[tuple[bytes, Reply]]:
        if self._ahead is letter:
            return [(command, talk.hear(until=until)) for command in letter.envelope]
        commands = (b"RSET\r\n", *letter.envelope) if self._untidy else letter.envelope
        self._untidy = False
        if "PIPELINING" in talk.offers:
            talk.say(b"".join(commands), until=until)
            return [(command, talk.hear(until=until)) for command in commands]
        return _one_by_one(talk, commands, until)


def _one_by_one(
    talk: smtp.Conversation, commands: Sequence[bytes], until: float
) -> list[tuple[bytes, Reply]]:
    heard: list[tuple[bytes, Reply]] = []
    for command in commands:
        talk.say(command, until=until)
        heard.append((command, talk.hear(until=until)))
        if not _goes_on(*heard[-1]):
            break
    return heard


def _goes_on(command: bytes, reply: Reply) -> bool:
    return reply.code == _GO_AHEAD if command == _DATA else _positive(reply)


def _positive(reply: Reply) -> bool:
    return 200 <= reply.code <= 299  # noqa: PLR2004


def _outcome(reply: Reply) -> Answer:
    if _positive(reply):
        return Accepted(_queue_id(reply.text))
    if reply.code < 400:  # noqa: PLR2004
        return Uncertain(f"the message left whole, and the relay said {reply}")
    return _refused(reply)


def _refused(reply: Reply) -> Refused:
    """RFC 5321 4.2.1: 4yz may be tried again, 5yz may not."""
    if reply.code in _LOGIN_CODES:
        return Refused("login", str(reply), permanent=False)
    permanent = reply.code >= 500  # noqa: PLR2004
    return Refused("rejected" if permanent else "busy", str(reply), permanent=permanent)


def _queue_id(text: str) -> str | None:
    """The id that Postfix and many others put after `queued as`."""
    _, found, rest = text.partition("queued as ")
    return rest.split()[0].rstrip(".,;>)") if found and rest.split() else None
