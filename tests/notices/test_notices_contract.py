"""What does every group chat of staff keep to, whatever its service answers?"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from outreach.notices import robots, telling
from outreach.notices.services import SERVICES
from tests.channels.builders import NOW, a_closed_port

TAKEN = dict.fromkeys(SERVICES, b'{"code": 0, "errcode": 0}') | {"slack": b"ok"}
FAULTS = ("400", "401", "404", "429", "500", "503", "302", "broken", "empty", "drop", "silence")


class Chat(ThreadingHTTPServer):
    """A group chat that behaves as told; it counts what it was asked."""

    def __init__(self, service: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.service, self.behaves, self.asked = service, "200", 0
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"{self.service}+http://token:secret@127.0.0.1:{self.server_port}"

    def answer(self) -> tuple[int, bytes]:
        taken = TAKEN[self.service]
        bodies = {"broken": taken[:1], "empty": b""}
        if self.behaves in bodies:
            return 200, bodies[self.behaves]
        return int(self.behaves), taken


class _Answering(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.asked += 1
        if self.server.behaves == "silence":
            self.server.over.wait(10)
        elif self.server.behaves != "drop":
            status, body = self.server.answer()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def a_chat(service: str) -> Iterator[Chat]:
    with Chat(service) as chat:
        threading.Thread(target=chat.serve_forever, args=(0.01,), daemon=True).start()
        yield chat
        chat.over.set()
        chat.shutdown()


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_only_what_a_chat_took_is_told_and_nothing_twice(
    service: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each fault is one call that was not taken, and the next notice is told all the same."""
    monkeypatch.setattr(telling, "_WITHIN", 0.3)
    with a_chat(service) as chat:
        told = dict[str, bool]()
        for fault in FAULTS:
            chat.behaves = fault
            [told[fault]] = telling.tell(robots.read(chat.url), "what is due waits", now=NOW)
        chat.behaves = "200"
        assert telling.tell(robots.read(chat.url), "already over", now=NOW) == [True]
    assert told == dict.fromkeys(FAULTS, False)
    assert chat.asked == len(FAULTS) + 1
    assert "secret" not in caplog.text


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_chat_that_is_away_keeps_no_other_from_it(service: str) -> None:
    """The one after it is told."""
    with a_chat(service) as chat:
        away = f"{service}+http://token@127.0.0.1:{a_closed_port()}"
        assert telling.tell(robots.read(f"{away} {chat.url}"), "x", now=NOW) == [False, True]
