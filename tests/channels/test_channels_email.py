"""Is the answer exact, wherever the conversation with a relay breaks?"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outreach.channels.email import Smtp
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Sender, Uncertain
from outreach.channels.smtp import Relay
from outreach.content import Content
from outreach.standins import serving
from tests.channels.builders import (
    CARELESS_TEXT,
    NOW,
    a_mail,
    for_client,
    for_server,
    soon,
)


def to_port(port: int, **changes: object) -> Smtp:
    values: dict[str, object] = {"host": "127.0.0.1", "port": port, "tls": "none"}
    return Smtp(Relay(**{**values, **changes}), clock=lambda: NOW)  # type: ignore[arg-type]


def handed(way: Smtp, *mails: Outgoing) -> list[Answer]:
    try:
        return [answer for _, answer in way.hand_over(mails)]
    finally:
        way.close()


def kind(answer: Answer) -> str:
    """The answer in one word."""
    if isinstance(answer, Refused):
        return f"{answer.reason} {'for good' if answer.permanent else 'for now'}"
    return type(answer).__name__.lower()


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("rule", "expected", "accepted"),
    [
        ("mail:451", "busy for now", 2),
        ("mail:550", "rejected for good", 2),
        ("mail:530", "login for now", 2),
        ("rcpt:450", "busy for now", 2),
        ("rcpt:550", "rejected for good", 2),
        ("data:451", "busy for now", 2),
        ("data:554", "rejected for good", 2),
        ("dot:451", "busy for now", 2),
        ("dot:554", "rejected for good", 2),
        ("dot:421", "busy for now", 2),
        ("dot:drop", "uncertain", 3),
    ],
)
def test_the_second_of_three_breaks(
    tmp_path: Path, rule: str, expected: str, accepted: int, *, pipelining: bool
) -> None:
    """Whatever becomes of one message, its neighbours arrive, and once."""
    with serving.smtp(tmp_path / "log", answers=[f"2={rule}"], pipelining=pipelining) as server:
        answers = handed(to_port(server.port), a_mail(1), a_mail(2), a_mail(3))
    assert [kind(answer) for answer in answers] == ["accepted", expected, "accepted"]
    assert len(server.accepted) == accepted
    assert len({entry["touch"] for entry in server.accepted}) == accepted


def test_a_relay_that_leaves_at_the_envelope_is_asked_again_once(tmp_path: Path) -> None:
    """421 to MAIL on a kept connection costs a new connection, not the message."""
    with serving.smtp(tmp_path / "log", answers=["2=mail:421"]) as server:
        answers = handed(to_port(server.port), a_mail(1), a_mail(2))
    assert [kind(answer) for answer in answers] == ["accepted", "accepted"]
    assert server.connections == 2


def test_a_relay_that_always_leaves_is_not_asked_for_ever(tmp_path: Path) -> None:
    """On a fresh connection the same is a refusal for now."""
    with serving.smtp(tmp_path / "log", answers=["*/1=mail:421"]) as server:
        answers = handed(to_port(server.port), a_mail(1))
    assert [kind(answer) for answer in answers] == ["unreachable for now"]
    assert server.connections == 1


def test_hanging_up_before_the_dot_surely_sent_nothing(tmp_path: Path) -> None:
    """While bytes of the message are still here, the relay cannot have the end of it."""
    large = a_mail(content=Content("x" * 24_000_000, "large"))
    with serving.smtp(tmp_path / "log", answers=["1=body:drop"]) as server:
        answers = handed(to_port(server.port), large)
    assert [kind(answer) for answer in answers] == ["unreachable for now"]
    assert server.accepted == []


def test_silence_after_the_dot_is_uncertain(tmp_path: Path) -> None:
    """The message may well be taken; here it was. The next one gets a connection of its own."""
    with serving.smtp(tmp_path / "log", answers=["1=dot:silence"]) as server:
        answers = handed(to_port(server.port), a_mail(1, deadline=soon()), a_mail(2))
    assert [kind(answer) for answer in answers] == ["uncertain", "accepted"]
    assert [entry["touch"] for entry in server.accepted] == [a_mail(1).touch_id, a_mail(2).touch_id]


def test_two_messages_share_a_connection_between_calls_too(tmp_path: Path) -> None:
    """A connection outlives the call that opened it."""
    with serving.smtp(tmp_path / "log") as server:
        way = to_port(server.port)
        first = list(way.hand_over([a_mail(1), a_mail(2)]))
        second = list(way.hand_over([a_mail(3)]))
        way.close()
    assert all(isinstance(answer, Accepted) for _, answer in first + second)
    assert server.connections == 1


def test_a_connection_that_died_at_rest_is_replaced(tmp_path: Path) -> None:
    """A relay that was restarted between two calls costs nothing."""
    with serving.smtp(tmp_path / "log") as server:
        way = to_port(server.port)
        [(_, before)] = way.hand_over([a_mail(1)])
    with serving.smtp(tmp_path / "log", port=server.port) as again:
        [(_, after)] = way.hand_over([a_mail(2)])
        way.close()
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert [entry["at"] for entry in again.accepted] == [1, 2]


def test_the_queue_id_is_kept(tmp_path: Path) -> None:
    """It is what a receipt or the relay's log will be matched by."""
    with serving.smtp(tmp_path / "log") as server:
        [answer] = handed(to_port(server.port), a_mail())
    assert answer == Accepted(server.accepted[0]["id"])


def test_the_relay_sees_the_touch_the_recipient_and_the_subject(tmp_path: Path) -> None:
    """What was handed over is what arrived, careless line ends and all."""
    mail = a_mail(content=Content(CARELESS_TEXT, subject="你好, Küche"))
    with serving.smtp(tmp_path / "log") as server:
        handed(to_port(server.port), mail)
    [entry] = server.accepted
    assert (entry["touch"], entry["to"], entry["said"]) == (mail.touch_id, mail.to, "你好, Küche")
    assert entry["unsubscribe"] == mail.unsubscribe_url


def test_an_injection_is_refused_and_its_neighbours_leave(tmp_path: Path) -> None:
    """A malformed message is answered like any other, and no byte of it leaves."""
    bad = a_mail(2, to="a@people.example>\r\nRCPT TO:<evil@other.example")
    worse = a_mail(3, sender=Sender("a\r\nBcc: evil@other.example", "care@shop.example"))
    with serving.smtp(tmp_path / "log") as server:
        way = to_port(server.port)
        found = dict(way.hand_over([a_mail(1), bad, worse, a_mail(4)]))
        way.close()
    assert [kind(found[mail.touch_id]) for mail in (bad, worse)] == ["malformed for good"] * 2
    assert [entry["touch"] for entry in server.accepted] == [a_mail(1).touch_id, a_mail(4).touch_id]


def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    """`smtps://` with a certificate that the client trusts."""
    with serving.smtp(tmp_path / "log", tls=for_server()) as server:
        way = to_port(server.port, tls="wrapped", context=for_client())
        answers = handed(way, a_mail(1), a_mail(2))
    assert [kind(answer) for answer in answers] == ["accepted", "accepted"]
    assert server.connections == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """Nothing is said to a relay that cannot show who it is."""
    with serving.smtp(tmp_path / "log", tls=for_server()) as server:
        answers = handed(to_port(server.port, tls="wrapped"), a_mail())
    assert [kind(answer) for answer in answers] == ["unreachable for now"]


def test_a_relay_without_starttls_gets_nothing(tmp_path: Path) -> None:
    """Where TLS is asked for, there is no falling back to the clear."""
    with serving.smtp(tmp_path / "log") as server:
        answers = handed(to_port(server.port, tls="starttls"), a_mail())
    assert [kind(answer) for answer in answers] == ["unreachable for now"]
    assert server.accepted == []


Talk = Callable[[socket.socket], None]


@contextmanager
def a_relay_that(talks: Talk) -> Iterator[int]:
    """A relay for one connection, written out by hand."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            connection, _ = listening.accept()
            with connection:
                talks(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_starttls_then_login() -> None:
    """The password is said after TLS, and EHLO is said again (RFC 3207 4.2)."""
    heard: list[str] = []

    def talks(plain: socket.socket) -> None:
        plain.sendall(b"220 here\r\n")
        heard.append(plain.recv(999).decode())
        plain.sendall(b"250-here\r\n250 STARTTLS\r\n")
        heard.append(plain.recv(999).decode())
        plain.sendall(b"220 go\r\n")
        with for_server().wrap_socket(plain, server_side=True) as secret:
            for reply in (b"250 here\r\n", b"535 no\r\n"):
                heard.append(secret.recv(999).decode())
                secret.sendall(reply)

    with a_relay_that(talks) as port:
        way = to_port(port, tls="starttls", user="u", password="p", context=for_client())
        answers = handed(way, a_mail())
    assert heard == [
        "EHLO [127.0.0.1]\r\n",
        "STARTTLS\r\n",
        "EHLO [127.0.0.1]\r\n",
        "AUTH PLAIN AHUAcA==\r\n",
    ]
    assert [kind(answer) for answer in answers] == ["login for now"]


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400\r\n", b"220" * 30000, b"554 no\r\n", b""])
def test_what_is_no_relay_is_left_alone(greeting: bytes) -> None:
    """Something else behind the port, or a relay that will not, is a refusal for now."""
    with a_relay_that(lambda connection: connection.sendall(greeting)) as port:
        answers = handed(to_port(port), a_mail())
    assert [kind(answer) for answer in answers] == ["unreachable for now"]


def test_a_body_for_nobody_is_never_sent() -> None:
    """A relay that says go ahead after refusing the recipient gets no message."""
    heard = bytearray()

    def talks(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        connection.recv(999)
        connection.sendall(b"250-here\r\n250 PIPELINING\r\n")
        connection.recv(999)
        connection.sendall(b"250 ok\r\n550 unknown\r\n354 go ahead\r\n")
        while data := connection.recv(999):
            heard.extend(data)

    with a_relay_that(talks) as port:
        answers = handed(to_port(port), a_mail())
    assert [kind(answer) for answer in answers] == ["rejected for good"]
    assert heard == b""


def test_an_odd_reply_to_the_dot_is_uncertain() -> None:
    """What is neither yes nor no tells nothing about a message that left whole."""

    def talks(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        for reply in (
            b"250 here\r\n",
            b"250 ok\r\n",
            b"250 ok\r\n",
            b"354 go\r\n",
            b"354 what\r\n",
        ):
            connection.recv(9999)
            connection.sendall(reply)
        connection.recv(999)

    with a_relay_that(talks) as port:
        [answer] = handed(to_port(port), a_mail())
    assert isinstance(answer, Uncertain)


def test_the_password_is_not_shown() -> None:
    """A relay in a traceback keeps its secret."""
    assert "geheim" not in repr(Relay("h", 25, "none", "u", "geheim", ssl.create_default_context()))
