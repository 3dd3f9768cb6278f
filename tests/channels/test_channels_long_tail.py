"""Is what apprise sends sent once, to one address, and said to be no surer than it is?"""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from optout.model import Channel
from outreach.channels.opening import named, open_way
from outreach.channels.protocol import Accepted, Refused, Uncertain, WayOut
from outreach.errors import Misconfigured
from outreach.notices import robots, telling
from tests.channels.builders import NOW, a_closed_port, a_text

# Loading apprise alone takes a second, and what it loads warns of its own age.
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
pytest.importorskip("apprise", reason="the extra `chat` is not installed")


@contextmanager
def a_service(behaves: str = "200") -> Iterator[tuple[WayOut, list[tuple[str, str]]]]:
    """A way to a service that answers so, and the paths and texts that reached it."""
    with listening(behaves) as (port, heard):
        url = f"apprise:json://127.0.0.1:{port}/to/{{to}}"
        way = open_way(url, clock=lambda: NOW, channel=Channel.CHAT)
        yield way, heard
        way.close()


@contextmanager
def listening(behaves: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """The port at which such a service listens, and what reached it."""
    heard, over = list[tuple[str, str]](), threading.Event()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            heard.append((self.path, told["message"]))
            if behaves == "silence":
                over.wait(10)
            elif behaves != "drop":
                self.send_response(int(behaves))
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heard
        over.set()
        server.shutdown()


def test_each_text_goes_to_its_address_in_its_turn() -> None:
    """Whatever signs an address has, it stays one; and what apprise logs of it goes nowhere."""
    texts = [a_text(n, to=f"me/{n}?x=1&y#é") for n in range(3)]
    with a_service() as (way, heard):
        answers = list(way.hand_over(texts))
    assert answers == [(one.touch_id, Accepted()) for one in texts]
    assert [path for path, _ in heard] == [f"/to/me%2F{n}%3Fx=1&y%23%C3%A9" for n in range(3)]
    assert {text for _, text in heard} == {texts[0].content.text}
    assert not logging.getLogger("apprise").propagate


@pytest.mark.parametrize("behaves", ["400", "401", "429", "500", "503", "drop", "silence"])
def test_what_did_not_go_well_is_uncertain_and_not_repeated(behaves: str) -> None:
    """Apprise does not tell what had left by then."""
    patience = 0.3 if behaves == "silence" else 10
    with a_service(behaves) as (way, heard):
        [(_, answer)] = way.hand_over([a_text(deadline=time.monotonic() + patience)])
    assert isinstance(answer, Uncertain)
    assert len(heard) == 1


def test_nobody_there_is_uncertain_too() -> None:
    way = open_way(f"apprise:json://127.0.0.1:{a_closed_port()}/{{to}}", clock=lambda: NOW)
    [(_, answer)] = way.hand_over([a_text()])
    assert isinstance(answer, Uncertain)


def test_past_the_deadline_nothing_leaves_and_its_neighbour_does() -> None:
    with a_service() as (way, heard):
        answers = [said for _, said in way.hand_over([a_text(1, deadline=0.0), a_text(2)])]
    assert [type(one) for one in answers] == [Refused, Accepted]
    assert len(heard) == 1


def test_an_address_of_which_no_service_is_made_is_refused_for_good() -> None:
    """Nothing was called."""
    way = open_way("apprise:json://{to}", clock=lambda: NOW)
    [(_, answer)] = way.hand_over([a_text(to="")])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("malformed", True)


@pytest.mark.parametrize("to", ["123456,234567", "123456;234567", "[123456]", "1 2"])
def test_an_address_that_would_be_read_as_several_is_refused_for_good(to: str) -> None:
    """Whoever refused messages under the second would be written to under the first."""
    way = open_way(f"apprise:tgram://123456789:{'A' * 35}/{{to}}", clock=lambda: NOW)
    [(_, answer)] = way.hand_over([a_text(to=to)])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.permanent) == ("malformed", True)


def test_a_service_that_apprise_does_not_know_is_said_at_the_start() -> None:
    """And the way is called by its name."""
    with pytest.raises(Misconfigured, match="knows no service"):
        open_way("apprise:pigeon://loft/{to}", clock=lambda: NOW)
    assert named(open_way("apprise:json://h/{to}", clock=lambda: NOW)) == "apprise"


@pytest.mark.parametrize(("behaves", "took"), [("200", True), ("500", False), ("drop", False)])
def test_staff_are_told_once_through_it(
    behaves: str, *, took: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """It says yes, or nothing that is sure; its address stays out of the log."""
    with listening(behaves) as (port, heard):
        chats = robots.read(f"apprise:json://127.0.0.1:{port}/staff")
        assert telling.tell(chats, "what is due waits", now=NOW) == [took]
    assert [text for _, text in heard] == ["what is due waits"]
    assert "staff" not in caplog.text


def test_a_chat_that_apprise_does_not_know_is_named_by_its_place() -> None:
    with pytest.raises(Misconfigured, match="URL 2: apprise knows no service"):
        robots.read("wecom://k@ apprise:pigeon://loft")
