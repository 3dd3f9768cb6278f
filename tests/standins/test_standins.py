"""Do the stand-ins behave as real providers do, with clients that are not ours?"""

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from outreach.standins import script as script_page
from outreach.standins import serving
from outreach.standins.record import Record, read
from outreach.standins.script import Script, rules

MAIL = (
    "X-Outreach-Touch: tch_1\r\nFrom: Lumen <care@lumen.example>\r\n"
    "Subject: =?utf-8?B?S8O8Y2hl?=\r\n"
    "List-Unsubscribe: <https://shop.example/u>\r\n\r\n..two dots\r\n"
)


def test_a_standard_client_can_hand_over_mail(tmp_path: Path) -> None:
    """smtplib says one thing at a time; two messages share a connection."""
    with (
        serving.smtp(tmp_path / "log") as server,
        smtplib.SMTP("127.0.0.1", server.port) as client,
    ):
        for _ in range(2):
            assert client.sendmail("a@shop.example", "b@people.example", MAIL) == {}
    assert server.connections == 1
    first, second = server.accepted
    assert 0 < first["began"] <= first["taken"] < second["began"]
    assert {name: value for name, value in first.items() if name not in {"began", "taken"}} == {
        "at": 1,
        "touch": "tch_1",
        "to": "b@people.example",
        "sender": "Lumen <care@lumen.example>",
        "said": "Küche",
        "size": len(MAIL) + 1,
        "id": "standin-1",
        "key": "",
        "unsubscribe": "https://shop.example/u",
        "echo": "",
    }
    assert second["at"] == 2


def test_the_script_is_followed_by_the_number_of_the_message(tmp_path: Path) -> None:
    """The second message is refused, its neighbours are not."""
    with (
        serving.smtp(tmp_path / "log", answers=["2=rcpt:550"]) as server,
        smtplib.SMTP("127.0.0.1", server.port) as client,
    ):
        client.sendmail("a@shop.example", "b@people.example", MAIL)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("a@shop.example", "c@people.example", MAIL)
        client.sendmail("a@shop.example", "d@people.example", MAIL)
    assert [entry["to"] for entry in server.accepted] == ["b@people.example", "d@people.example"]


@pytest.mark.parametrize("bare", ["a\nb", "a\rb", "a\n.\nb"])
def test_a_bare_line_end_is_refused(tmp_path: Path, bare: str) -> None:
    """A relay that took it could be talked into a second message."""
    with (
        serving.smtp(tmp_path / "log") as server,
        smtplib.SMTP("127.0.0.1", server.port) as client,
    ):
        client.ehlo()
        client.mail("a@shop.example")
        client.rcpt("b@people.example")
        client.putcmd("data")
        client.getreply()
        client.send(f"Subject: s\r\n\r\n{bare}\r\n.\r\n")
        code, _ = client.getreply()
    assert code == 550
    assert server.accepted == []


def test_a_gateway_keeps_its_connection_and_knows_its_keys(tmp_path: Path) -> None:
    """The same key gets the answer of the first time."""
    body = '{"reference": "tch_1", "to": "+12025550101", "text": "hi"}'
    with serving.sms(tmp_path / "log") as server:
        client = HTTPConnection("127.0.0.1", server.port)
        answers = []
        for key in ("k1", "k1", "k2"):
            client.request("POST", "/", body=body, headers={"Idempotency-Key": key})
            response = client.getresponse()
            answers.append((response.status, response.read()))
        client.close()
    assert answers == [
        (202, b'{"id": "standin-1"}'),
        (202, b'{"id": "standin-1"}'),
        (202, b'{"id": "standin-2"}'),
    ]
    assert server.connections == 1
    assert [entry["said"] for entry in server.accepted] == ["hi", "hi"]


def test_a_gateway_may_know_no_keys_and_may_be_asked_by_reference(tmp_path: Path) -> None:
    """Without keys the same message is taken twice; a look-up tells what was taken, or 404."""
    body = '{"reference": "tch_1", "to": "+12025550101", "text": "hi"}'
    with serving.sms(tmp_path / "log", knows_keys=False) as server:
        client = HTTPConnection("127.0.0.1", server.port)
        for _ in range(2):
            client.request("POST", "/", body=body, headers={"Idempotency-Key": "k"})
            client.getresponse().read()
        answers = []
        for reference in ("tch_1", "tch_2"):
            client.request("GET", f"/messages?reference={reference}")
            response = client.getresponse()
            answers.append((response.status, json.loads(response.read())))
        client.close()
    assert len(server.accepted) == 2
    taken = {"id": "standin-1", "reference": "tch_1", "to": "+12025550101"}
    assert answers == [(200, taken), (404, {"error": "not known here", "reference": "tch_2"})]


def test_a_gateway_may_refuse_to_be_asked(tmp_path: Path) -> None:
    """Then nobody learns what it has taken."""
    with serving.sms(tmp_path / "log", looks_up=False) as server:
        client = HTTPConnection("127.0.0.1", server.port)
        client.request("GET", "/messages?reference=tch_1")
        assert client.getresponse().status == 405
        client.close()


def test_a_reset_is_a_reset_and_takes_nothing(tmp_path: Path) -> None:
    """The client is told that the connection is gone."""
    with serving.sms(tmp_path / "log", answers=["1=http:reset"]) as server:
        client = HTTPConnection("127.0.0.1", server.port)
        client.request("POST", "/", body='{"reference": "tch_1", "to": "+1", "text": "hi"}')
        with pytest.raises(ConnectionResetError):
            client.getresponse()
        client.close()
    assert server.accepted == []


def test_a_slow_answer_has_begun_and_does_not_end(tmp_path: Path) -> None:
    """A byte comes, and the next one a second later: a client with less patience gives up."""
    with serving.sms(tmp_path / "log", answers=["1=http:slow"]) as server:
        client = HTTPConnection("127.0.0.1", server.port, timeout=0.1)
        client.request("POST", "/", body='{"reference": "tch_1", "to": "+1", "text": "hi"}')
        with pytest.raises(TimeoutError):
            client.getresponse()
        client.close()
    assert [entry["touch"] for entry in server.accepted] == ["tch_1"]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"text": "hi"}'])
def test_a_gateway_refuses_what_it_cannot_read(tmp_path: Path, body: str) -> None:
    """Half a form is a 400, not a crash."""
    with serving.sms(tmp_path / "log") as server:
        client = HTTPConnection("127.0.0.1", server.port)
        client.request("POST", "/", body=body)
        assert client.getresponse().status == 400
        client.close()


def test_the_order_goes_on_after_a_restart(tmp_path: Path) -> None:
    """Numbers and keys are read back from the log."""
    log = tmp_path / "log"
    for _ in range(2):
        record = Record(log)
        if not record.known("k"):
            record.accept(touch="tch_1", to="b", said="s", size=1, key="k")
        record.accept(touch="tch_2", to="b", said="s", size=1)
        record.close()
    assert [(entry["at"], entry["key"]) for entry in read(log)] == [(1, "k"), (2, ""), (3, "")]


def test_what_is_accepted_is_in_the_file_at_once(tmp_path: Path) -> None:
    """A reader sees it while the log is still open, so a kill loses nothing."""
    record = Record(tmp_path / "log")
    entry = record.accept(touch="tch_1", to="b", said="你", size=1)
    assert read(tmp_path / "log") == [entry]
    record.close()


def test_the_first_rule_that_fits_applies() -> None:
    """A number, or every so many."""
    script = Script(rules(["2=dot:drop", "*/2=rcpt:450"]))
    assert [script.next() for _ in range(5)] == ["", "dot:drop", "", "rcpt:450", ""]


def test_a_share_is_drawn_by_the_seed_and_goes_on_after_a_restart() -> None:
    """The same seed, the same messages; about as many as were asked for."""
    share = rules(["10%=http:drop"])
    whole = Script(share, seed="a")
    drawn = [whole.next() for _ in range(1000)]
    assert 60 < drawn.count("http:drop") < 140
    again = Script(share, seed="a", after=500)
    assert [again.next() for _ in range(500)] == drawn[500:]
    other = Script(share, seed="b")
    assert [other.next() for _ in range(1000)] != drawn


@pytest.mark.parametrize("text", ["", "0=dot:drop", "1=dot", "x=dot:drop", "1=dot:999", "1=http:9"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    """The error shows how to write one."""
    with pytest.raises(ValueError, match="3=rcpt:550"):
        rules([text])


@contextmanager
def a_process(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of its own that is gone when the block ends."""
    process = subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def port_in(folder: Path) -> int:
    """Wait until the port file is there; the process writes it whole."""
    waiting = subprocess.run(
        ["sh", "-c", 'until [ -s "$0" ]; do sleep 0.02; done; cat "$0"', str(folder / "port")],
        capture_output=True,
        timeout=10,
        check=True,
    )
    return int(waiting.stdout)


@pytest.mark.parametrize("kind", ["smtp", "sms"])
def test_as_a_process_it_says_its_port_and_stops_when_told(tmp_path: Path, kind: str) -> None:
    """SIGTERM is an orderly end."""
    files = ("--port-file", str(tmp_path / "port"), "--log", str(tmp_path / "log"))
    with a_process("-m", "outreach.standins", kind, *files) as process:
        assert port_in(tmp_path) > 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_as_a_process_it_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """A killed demo leaves nothing behind: the pipe that the stand-in holds closes."""
    start = textwrap.dedent(
        f"""
        import subprocess, sys
        files = ["--port-file", {str(tmp_path / "port")!r}, "--log", {str(tmp_path / "log")!r}]
        subprocess.Popen([sys.executable, "-m", "outreach.standins", "smtp", *files])
        sys.stdin.read()
        """
    )
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    parent = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=writing)
    os.close(writing)
    port_in(tmp_path)
    parent.kill()
    parent.communicate()
    with os.fdopen(reading, "rb") as held_by_the_child:
        assert held_by_the_child.read() == b""


def test_the_rules_of_the_page_are_rules() -> None:
    """Each rule that the module describes can be written."""
    found = re.findall(r"`((?:mail|rcpt|data|dot|body|http):[A-Za-z:]+)`", str(script_page.__doc__))
    assert len(found) > 10
    rules(f"1={what.replace(':C', ':450').replace(':A', ':7')}" for what in found)
