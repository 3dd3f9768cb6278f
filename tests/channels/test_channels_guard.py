"""Does the guard connect to what it judged, and to nothing else?"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.channels import addresses, posting
from outreach.channels.guard import Barred, Guard
from outreach.channels.posting import Line, NotSent, endpoint
from outreach.standins import serving
from outreach.standins.serving import Server
from tests.channels.builders import for_client, for_server

HOME = addresses.networks("127.0.0.0/8")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving.sms(tmp_path / "log") as running:
        yield running


def posted(guard: Guard, url: str, **options: object) -> posting.Response:
    line = Line(endpoint(url, guard=guard, **options))  # type: ignore[arg-type]
    try:
        return line.post(b"{}", {}, until=time.monotonic() + 5)
    finally:
        line.close()


def test_a_name_that_leads_home_is_barred(server: Server) -> None:
    """No packet reaches a listener of this machine, and the sentence names the way to allow it."""
    guard = Guard(resolve=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(
        NotSent, match=r"hooks\.example may not be reached.*OUTREACH_OUTGOING_ALLOW"
    ):
        posted(guard, f"http://hooks.example:{server.port}/")
    assert server.connections == 0


def test_one_forbidden_answer_bars_them_all(server: Server) -> None:
    """A host that is public and private at once is not reached by its public address either."""
    guard = Guard(HOME, resolve=lambda _host, _port: ["127.0.0.1", "10.0.0.1"])
    with pytest.raises(NotSent, match=r"10\.0\.0\.1"):
        posted(guard, f"http://hooks.example:{server.port}/")
    assert server.connections == 0


def test_the_name_is_resolved_once(server: Server) -> None:
    """A name server that says something else the second time is not asked a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    guard = Guard(HOME, resolve=lambda _host, _port: next(answers))
    posted(guard, f"http://hooks.example:{server.port}/")
    assert next(answers) == ["127.0.0.2"]
    assert server.connections == 1


def test_the_next_address_is_tried_where_one_is_silent(server: Server) -> None:
    """Every address was judged, so any of them may answer."""
    guard = Guard(HOME, resolve=lambda _host, _port: ["127.9.9.9", "127.0.0.1"])
    assert posted(guard, f"http://hooks.example:{server.port}/").status == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433"])
def test_an_address_in_a_url_is_judged_like_a_name(server: Server, host: str) -> None:
    """However it is written, the system's own reading of it is what is judged."""
    with pytest.raises(NotSent):
        posted(Guard(), f"http://{host}:{server.port}/")
    assert server.connections == 0


def test_tls_is_checked_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    """The certificate must be the host's, although the connection went to an address."""
    with serving.sms(tmp_path / "log", tls=for_server()) as server:
        guard = Guard(HOME, resolve=lambda _host, _port: ["127.0.0.1"])
        right = posted(guard, f"https://localhost:{server.port}/", context=for_client())
        assert right.status == 400
        with pytest.raises(NotSent, match=r"(?i)hostname"):
            posted(guard, f"https://hooks.example:{server.port}/", context=for_client())


def test_no_answer_from_the_name_server_is_no_connection() -> None:
    """Nothing was sent, and nothing is raised but what posting raises."""

    def nobody(_host: str, _port: int) -> list[str]:
        raise OSError("the name is not known")

    with pytest.raises(NotSent, match="not known"):
        posted(Guard(resolve=nobody), "https://hooks.example/")


def test_a_host_that_is_no_name_is_no_connection() -> None:
    """The name server's own library refuses an empty label, which is no error of the network."""
    with pytest.raises(NotSent):
        posted(Guard(), "https://a..example/")


def test_barred_is_an_error_of_connecting() -> None:
    """So whoever treats a host that is away treats this one."""
    with pytest.raises(Barred):
        Guard(resolve=lambda _host, _port: ["10.0.0.1"]).connect(
            "hooks.example", 443, context=for_client(), until=time.monotonic() + 1
        )
