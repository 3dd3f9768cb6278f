"""Does the web process start, say where it listens, end when told, and refuse what is wrong?"""

import os
import re
import signal
import subprocess
import sys

import httpx
import pytest

from outreach.db.engine import BrandRef
from outreach.errors import Misconfigured
from outreach.settings import Settings
from outreach.web import server

_MAIN = "from outreach.web import server; server.main()"


def environment(settings: Settings, **changed: str) -> dict[str, str]:
    """What a process with these settings is started with."""
    ours = {
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_REDIS_URL": settings.redis_url,
        "OUTREACH_SECRET_KEY": str(settings.secret_key),
        "OUTREACH_PORT": "0",
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OUTREACH_")}
    return kept | ours | changed


@pytest.mark.long
def test_it_serves_on_a_free_port_and_ends_when_told(settings: Settings, brand: BrandRef) -> None:
    command = [sys.executable, "-c", _MAIN]
    with subprocess.Popen(
        command, env=environment(settings), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        found = (re.search(r"listens on (http://\S+)", line) for line in process.stderr)
        url = next(match[1] for match in found if match)
        health = httpx.get(f"{url}/api/v1/health", timeout=10)
        bad = httpx.get(f"{url}/u/canary-token", timeout=10)
        process.send_signal(signal.SIGTERM)
        told = process.stderr.read()
    assert health.json()["ok"] is True
    assert "server" not in health.headers
    assert bad.status_code == 404
    assert "/health 200" in told
    assert "canary" not in told
    assert "Traceback" not in told
    assert process.returncode == 0


def test_a_port_that_is_taken_is_said_so() -> None:
    with server.listen("127.0.0.1", 0) as taken:
        assert server.address(taken).startswith("http://127.0.0.1:")
        with pytest.raises(Misconfigured, match="OUTREACH_PORT"):
            server.listen("127.0.0.1", taken.getsockname()[1])


def test_a_wrong_setting_keeps_it_from_starting(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for name, value in environment(settings, OUTREACH_SECRET_KEY="short").items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match="OUTREACH_SECRET_KEY"):
        server.main()
