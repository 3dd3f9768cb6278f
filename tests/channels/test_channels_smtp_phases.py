"""Wherever a relay dies, is what is said of the message what the relay can have acted on?

A relay that hangs up without a word as soon as it has heard so much: before it has the final dot it
can have sent nothing, and once it has that nobody knows.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from outreach.channels.email import Smtp
from outreach.channels.protocol import Accepted, Answer, Refused, Uncertain
from outreach.channels.smtp import Conversation, Lost, Relay
from tests.channels.builders import NOW, a_mail

_REPLIES = {b"EHLO": b"250-standin\r\n250 PIPELINING\r\n", b"DATA": b"354 go ahead\r\n"}
_END = b"\r\n.\r\n"


class DyingRelay:
    """Answers as a relay does until it dies, in the phase that it is told."""

    def __init__(self, dies_at: str, *, pipelining: bool) -> None:
        self.dies_at, self.pipelining = dies_at, pipelining
        self.whole = 0  # messages that it heard up to their dot

    def serve(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as heard:
            if self.dies_at == "connect":
                return
            wire.sendall(b"220 standin\r\n")
            for line in heard:
                verb = line[:4].upper()
                if verb.decode("ascii", "replace") == self.dies_at:
                    return
                wire.sendall(self._reply(verb))
                if verb == b"DATA" and not self._hear_body(heard, wire):
                    return

    def _reply(self, verb: bytes) -> bytes:
        if verb == b"EHLO" and not self.pipelining:
            return b"250 standin\r\n"
        return _REPLIES.get(verb, b"250 ok\r\n")

    def _hear_body(self, heard: object, wire: socket.socket) -> bool:
        body = b"\r\n"
        while not body.endswith(_END):
            body += heard.read(1)  # type: ignore[attr-defined]  # a file of bytes
            if self.dies_at == "body" and len(body) > 40:
                return False
        self.whole += 1
        if self.dies_at == "dot":
            return False
        wire.sendall(b"250 2.0.0 Ok: queued as 7\r\n")
        return self.dies_at != "after"


@contextmanager
def listening(relay: DyingRelay) -> Iterator[Smtp]:
    """A way out to this relay, which serves one connection after the other."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    relay.serve(server.accept()[0])
            except OSError:  # a client that went, or the listener that was closed
                return

        threading.Thread(target=accept, daemon=True).start()
        way = Smtp(Relay("127.0.0.1", server.getsockname()[1], "none"), clock=lambda: NOW)
        yield way
        way.close()


def answered(dies_at: str, *, pipelining: bool) -> tuple[Answer, int]:
    relay = DyingRelay(dies_at, pipelining=pipelining)
    with listening(relay) as way:
        [(_, answer)] = way.hand_over([a_mail()])
    return answer, relay.whole


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("phase", ["connect", "EHLO", "MAIL", "RCPT", "DATA"])
def test_before_the_body_nothing_was_sent(phase: str, *, pipelining: bool) -> None:
    """It may be tried again, and nobody gets it twice."""
    answer, whole = answered(phase, pipelining=pipelining)
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("unreachable", False)
    assert whole == 0


@pytest.mark.parametrize("pipelining", [True, False])
def test_within_the_body_nothing_is_said_to_be_sent(*, pipelining: bool) -> None:
    """Refused where the break showed in time; a body that had left us whole is in doubt."""
    answer, whole = answered("body", pipelining=pipelining)
    assert isinstance(answer, Refused | Uncertain)
    assert whole == 0


@pytest.mark.parametrize("pipelining", [True, False])
def test_after_the_dot_nobody_knows(*, pipelining: bool) -> None:
    """The relay had all of it, and its answer never came."""
    answer, whole = answered("dot", pipelining=pipelining)
    assert isinstance(answer, Uncertain)
    assert whole == 1


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("phase", ["after", "QUIT"])
def test_after_the_answer_it_was_sent(phase: str, *, pipelining: bool) -> None:
    """However the relay takes its leave."""
    answer, _ = answered(phase, pipelining=pipelining)
    assert answer == Accepted("7")


def test_a_reply_that_does_not_end_is_not_listened_to_for_ever() -> None:
    """Not even where each of its lines is empty."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        talk = Conversation(ours)
        saying = threading.Thread(target=_say_on, args=(theirs,), daemon=True)
        saying.start()
        with pytest.raises(Lost, match="does not end"):
            talk.hear(until=time.monotonic() + 60)
        talk.close()
        saying.join()


def _say_on(wire: socket.socket) -> None:
    with suppress(OSError):
        while True:
            wire.sendall(b"250-\r\n" * 1000)
