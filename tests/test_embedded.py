"""Do the embedded servers keep their data, take each other over, and keep others out?"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from outreach.embedded import desk
from outreach.embedded.desk import Servers
from outreach.errors import Misconfigured
from outreach.hints import client, refuse_eviction
from tests.waiting import wait_until

RUN = """
import sys
from pathlib import Path
from threading import Event
from outreach.embedded import desk
with desk.servers(Path(sys.argv[1]), durable=False) as running:
    print(running.superuser_url, flush=True)
    Event().wait()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the service user may walk into."""
    with tempfile.TemporaryDirectory(prefix="outreach-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"


@contextmanager
def elsewhere(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs servers on this folder."""
    command = [sys.executable, "-c", RUN, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql")
        try:
            yield process
        finally:
            process.kill()


def write(servers: Servers) -> None:
    with psycopg.connect(servers.superuser_url.replace("+psycopg", ""), autocommit=True) as sql:
        sql.execute("create table if not exists kept (words text)")
        sql.execute("insert into kept values ('still here')")
    with client(servers.redis_url) as queue:
        queue.set("kept", "still here")


def found(servers: Servers) -> tuple[object, object]:
    with psycopg.connect(servers.superuser_url.replace("+psycopg", "")) as sql:
        row = sql.execute("select words from kept").fetchone()
    with client(servers.redis_url) as queue:
        return row and row[0], queue.get("kept")


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def test_data_and_key_survive_a_restart(home: Path) -> None:
    """Stopped in good order, started again on the same folder; a wiped Redis answers, empty."""
    with desk.servers(home) as first:
        write(first)
    with desk.servers(home) as second:
        assert found(second) == ("still here", b"still here")
        assert second.secret_key == first.secret_key
        assert len(second.secret_key) == 64
        desk.wipe_redis(second)  # what a lost disk would do
        assert found(second) == ("still here", None)
        desk.stop_redis(second)
        with pytest.raises(redis.ConnectionError):
            client(second.redis_url).ping()
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_servers_whose_parent_was_killed_are_taken_over(home: Path) -> None:
    """They outlive it with their sessions and data; the next start uses them and stops them."""
    with elsewhere(home) as parent:
        with pytest.raises(Misconfigured, match="already run"), desk.servers(home):
            pytest.fail("two processes would stop each other's servers")
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        survivor = postmaster(home)
        with desk.servers(home, durable=False) as adopted:
            assert postmaster(home) == survivor
            write(adopted)
            assert found(adopted) == ("still here", b"still here")
    wait_until(lambda: not (home / "postgres" / "postmaster.pid").exists())


def test_a_redis_that_evicts_is_refused(servers: Servers) -> None:
    """Whole queues would vanish without an error; one that never evicts is welcome."""
    with client(servers.redis_url) as queue:
        refuse_eviction(queue.info)
        queue.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(Misconfigured, match="allkeys-lru"):
                refuse_eviction(queue.info)
        finally:
            queue.config_set("maxmemory-policy", "noeviction")
