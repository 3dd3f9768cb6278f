"""Is the answer exact, whatever a gateway replies?"""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from outreach.channels.outcomes import retry_after
from outreach.channels.posting import Response
from outreach.channels.protocol import Accepted, Answer, Outgoing, Refused, Uncertain
from outreach.channels.sms import SmsGateway, form, read
from outreach.content import Content
from outreach.standins import serving
from tests.channels.builders import a_text, for_client, for_server, soon


def handed(way: SmsGateway, *texts: Outgoing) -> list[Answer]:
    try:
        return [answer for _, answer in way.hand_over(texts)]
    finally:
        way.close()


def kind(answer: Answer) -> str:
    """The answer in one word."""
    if isinstance(answer, Refused):
        return f"{answer.reason} {'for good' if answer.permanent else 'for now'}"
    return type(answer).__name__.lower()


@pytest.mark.parametrize(
    ("rule", "expected", "accepted"),
    [
        ("400", "rejected for good", 2),
        ("401", "login for now", 2),
        ("404", "rejected for good", 2),
        ("408", "unreachable for now", 2),
        ("409", "uncertain", 2),
        ("302", "unreachable for now", 2),
        ("429", "busy for now", 2),
        ("503", "busy for now", 2),
        ("500", "uncertain", 2),
        ("504", "uncertain", 2),
        ("broken", "uncertain", 3),
        ("drop", "uncertain", 3),
    ],
)
def test_the_second_of_three_breaks(
    tmp_path: Path, rule: str, expected: str, accepted: int
) -> None:
    """Whatever becomes of one message, its neighbours arrive, and once."""
    with serving.sms(tmp_path / "log", answers=[f"2=http:{rule}"]) as server:
        way = SmsGateway(f"http://127.0.0.1:{server.port}/")
        answers = handed(way, a_text(1), a_text(2), a_text(3))
    assert [kind(answer) for answer in answers] == ["accepted", expected, "accepted"]
    assert len({entry["touch"] for entry in server.accepted}) == accepted


@pytest.mark.parametrize("wait", ["7", "+7"])
@pytest.mark.parametrize("status", [429, 503])
def test_both_forms_of_retry_after(tmp_path: Path, status: int, wait: str) -> None:
    """Seconds, or a date to be held against the answer's own."""
    with serving.sms(tmp_path / "log", answers=[f"1=http:{status}:{wait}"]) as server:
        [answer] = handed(SmsGateway(f"http://127.0.0.1:{server.port}/"), a_text())
    assert isinstance(answer, Refused)
    assert answer.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("value", ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_longer_than_a_day(value: str) -> None:
    """A slip of the provider's does not silence a channel for years."""
    headers = {"retry-after": value, "date": "Mon, 04 Mar 2030 12:30:00 GMT"}
    assert retry_after(headers) == timedelta(days=1)


@pytest.mark.parametrize(
    "value",
    [
        "", "soon", "-5", "1.5", "9" * 5000, "Wed, 99 Foo 2030 00:00:00 GMT", "²",
        "Mon, 04 Mar 2030 12:30:00 +99999999999999999999",
    ],
)  # fmt: skip
def test_a_retry_after_that_cannot_be_read_is_none(value: str) -> None:
    """The dispatcher then waits as long as it thinks right."""
    headers = {"retry-after": value, "date": "Mon, 04 Mar 2030 12:30:00 GMT"}
    assert retry_after(headers) is None


def test_a_date_without_the_answers_own_date_is_none() -> None:
    """Our clock is not the gateway's."""
    assert retry_after({"retry-after": "Mon, 04 Mar 2030 12:30:00 GMT"}) is None


def test_a_date_that_has_passed_is_now() -> None:
    """There is no waiting backwards."""
    then, now = "Mon, 04 Mar 2030 12:30:00 GMT", "Mon, 04 Mar 2030 12:31:00 GMT"
    assert retry_after({"retry-after": then, "date": now}) == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": ""}',
        b'{"id": null}',
        b'{"id": ["a"]}',
        b"\xff",
        b"[" * 60000,
    ],
)
def test_a_yes_without_an_id_is_uncertain(body: bytes) -> None:
    """Something was taken, and nothing says what."""
    assert isinstance(read(Response(200, {}, body)), Uncertain)


@pytest.mark.parametrize(("body", "given"), [(b'{"id": "m-1"}', "m-1"), (b'{"id": 17}', "17")])
def test_an_id_may_be_text_or_number(body: bytes, given: str) -> None:
    """Gateways do both."""
    assert read(Response(201, {}, body)) == Accepted(given)


def test_silence_after_the_request_is_uncertain(tmp_path: Path) -> None:
    """The message may well be taken; here it was. The next one is not held up."""
    with serving.sms(tmp_path / "log", answers=["1=http:silence"]) as server:
        way = SmsGateway(f"http://127.0.0.1:{server.port}/")
        answers = handed(way, a_text(1, deadline=soon()), a_text(2))
    assert [kind(answer) for answer in answers] == ["uncertain", "accepted"]
    assert len(server.accepted) == 2


def test_the_same_key_is_accepted_once(tmp_path: Path) -> None:
    """A gateway that honours keys makes the repetition of an uncertain call safe."""
    with serving.sms(tmp_path / "log", answers=["1=http:drop"]) as server:
        way = SmsGateway(f"http://127.0.0.1:{server.port}/", idempotent=True)
        answers = handed(way, a_text(1), a_text(1))
    assert [kind(answer) for answer in answers] == ["uncertain", "accepted"]
    assert len(server.accepted) == 1


def test_messages_share_a_connection_between_calls_too(tmp_path: Path) -> None:
    """A connection outlives the call that opened it."""
    with serving.sms(tmp_path / "log") as server:
        way = SmsGateway(f"http://127.0.0.1:{server.port}/")
        for n in range(3):
            [(_, answer)] = way.hand_over([a_text(n)])
            assert isinstance(answer, Accepted)
        way.close()
    assert server.connections == 1


def test_a_connection_that_died_at_rest_is_replaced_before_anything_is_sent(tmp_path: Path) -> None:
    """A gateway that was restarted between two calls makes nothing uncertain."""
    with serving.sms(tmp_path / "log") as server:
        way = SmsGateway(f"http://127.0.0.1:{server.port}/")
        list(way.hand_over([a_text(1)]))
    with serving.sms(tmp_path / "log", port=server.port):
        [(_, answer)] = way.hand_over([a_text(2)])
        way.close()
    assert isinstance(answer, Accepted)


def test_over_tls(tmp_path: Path) -> None:
    """https, with a certificate that the client trusts, on a connection that is kept."""
    with serving.sms(tmp_path / "log", tls=for_server()) as server:
        way = SmsGateway(f"https://127.0.0.1:{server.port}/", context=for_client())
        answers = handed(way, a_text(1), a_text(2))
    assert [kind(answer) for answer in answers] == ["accepted", "accepted"]
    assert server.connections == 1


def test_the_form_with_a_text() -> None:
    """Reference, number, sender, words, and the last instant in UTC."""
    until = datetime(2030, 3, 4, 20, tzinfo=timezone(timedelta(hours=8)))
    one = a_text(content=Content("你好"), valid_until=until)
    assert json.loads(form(one)) == {
        "reference": one.touch_id,
        "to": one.to,
        "sender": "SHOP",
        "text": "你好",
        "valid_until": "2030-03-04T12:00:00Z",
    }
    assert until.astimezone(UTC).hour == 12


def test_the_form_with_a_registered_template() -> None:
    """Where the gateway knows the words, only what fills them is sent."""
    one = a_text(content=Content("Hello Kim", code="SMS_1", params={"name": "Kim"}))
    assert json.loads(form(one)) == {
        "reference": one.touch_id,
        "to": one.to,
        "sender": "SHOP",
        "template": "SMS_1",
        "params": {"name": "Kim"},
    }


@pytest.mark.parametrize("char", ["\r", "\n", "\v", "\x1c", "\x85", "\u2028", " "])
def test_a_key_that_breaks_a_header_is_refused(char: str) -> None:
    """No byte leaves: there is not even a server here."""
    [answer] = handed(SmsGateway("http://127.0.0.1:1/"), a_text(key=f"a{char}X-Evil: 1"))
    assert kind(answer) == "malformed for good"


def test_line_breaks_in_values_stay_inside_the_json(tmp_path: Path) -> None:
    """JSON carries any text as data, so the request's own form cannot be broken."""
    nasty = "a\r\nb\u2028c\x85 \ud83d"
    with serving.sms(tmp_path / "log") as server:
        form(a_text(content=Content(nasty)))
        [answer] = handed(
            SmsGateway(f"http://127.0.0.1:{server.port}/"), a_text(content=Content(nasty[:-1]))
        )
    assert isinstance(answer, Accepted)
    assert server.accepted[0]["said"] == nasty[:-1]


def test_token_path_and_key_are_on_the_wire_and_no_bare_line_end() -> None:
    """The request as a gateway sees it."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                while b"}" not in heard:
                    heard.extend(connection.recv(9999))
                connection.sendall(b"HTTP/1.1 202 So\r\nContent-Length: 10\r\n\r\n" + b'{"id":"1"}')

        thread = threading.Thread(target=answer)
        thread.start()
        port = listening.getsockname()[1]
        one = a_text()
        [found] = handed(SmsGateway(f"http://127.0.0.1:{port}/v1/send?a=b", "t0ken"), one)
        thread.join()
    head = bytes(heard).partition(b"\r\n\r\n")[0]
    assert found == Accepted("1")
    assert head.startswith(b"POST /v1/send?a=b HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer t0ken" in head
    assert f"\r\nIdempotency-Key: {one.key}".encode() in head
    assert b"\n" not in head.replace(b"\r\n", b"")


def test_an_answer_without_an_end_is_cut() -> None:
    """64 KiB are read; a status with an endless body still means what it says, and no more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(9999)
                connection.sendall(
                    b"HTTP/1.1 202 So\r\nContent-Length: 9999999\r\n\r\n" + b" " * 70000
                )
                connection.recv(9)

        thread = threading.Thread(target=answer)
        thread.start()
        port = listening.getsockname()[1]
        [found] = handed(SmsGateway(f"http://127.0.0.1:{port}/"), a_text())
        thread.join()
    assert isinstance(found, Uncertain)
