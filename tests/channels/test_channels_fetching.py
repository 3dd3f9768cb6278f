"""Is a provider's document fetched once, and never from where it should not be?"""

import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from outreach.channels.fetching import Fetcher
from outreach.channels.guard import Guard
from outreach.channels.opening import open_way
from outreach.errors import Trouble
from outreach.standins import serving
from tests.channels.builders import NOW, a_text

HERE = Guard((ip_network("127.0.0.0/8"),))


def test_what_was_found_is_kept_for_a_day(tmp_path: Path) -> None:
    """A thousand receipts ask once; the day after, it is asked for again."""
    now = time.monotonic()
    fetch = Fetcher(HERE, steady=lambda: now)
    with serving.sms(tmp_path / "log") as server:
        way = open_way(f"http://token@127.0.0.1:{server.port}/", clock=lambda: NOW)
        one = a_text()
        list(way.hand_over([one]))
        way.close()
        url = f"http://127.0.0.1:{server.port}/?reference={one.touch_id}"
        found = fetch(url)
        assert one.touch_id.encode() in found
    assert fetch(url) == found
    now += 90_000
    with pytest.raises(Trouble):
        fetch(url)


def test_what_is_not_there_is_trouble_and_not_kept(tmp_path: Path) -> None:
    """So the provider is asked to tell again."""
    with serving.sms(tmp_path / "log") as server, pytest.raises(Trouble, match="404"):
        Fetcher(HERE)(f"http://127.0.0.1:{server.port}/?reference=tch_1")


def test_an_address_within_is_not_asked() -> None:
    """Whatever names it."""
    with pytest.raises(Trouble):
        Fetcher()("https://127.0.0.1/certificate.pem")
