"""Does a command beside embedded servers get our signals, we its exit code, and data stay?"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

GIVEN = {"OUTREACH_DATABASE_URL": "postgresql://own", "OUTREACH_REDIS_URL": "redis://own"}
# Tells the signals that it gets, and ends at the third.
TELLING = """
import os, signal, sys
from threading import Event
told = []
def tell(number, _):
    told.append(number)
    # Not print: a signal may come while the last print is still being flushed.
    os.write(1, f"{signal.Signals(number).name}\\n".encode())
    if len(told) == 3:
        sys.exit(7)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, tell)
print("ready", flush=True)
while True:
    Event().wait()
"""
# Says what the last run kept in both servers, and keeps something for the next.
KEEPING = """
import os, sys, psycopg, redis
url = os.environ["OUTREACH_OWNER_DATABASE_URL"].replace("+psycopg", "")
queue = redis.Redis.from_url(os.environ["OUTREACH_REDIS_URL"])
with psycopg.connect(url) as sql:
    sql.execute("create table if not exists kept (words text)")
    print(sql.execute("select words from kept").fetchall(), queue.get("kept"))
    sql.execute("insert into kept values ('here')")
queue.set("kept", "there")
queue.close()
sys.exit(7)
"""


def embedded(*command: str, **variables: str) -> subprocess.Popen[str]:
    """`outreach embedded -- COMMAND`, begun, with no settings but these."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("OUTREACH_")}
    return subprocess.Popen(
        [sys.executable, "-m", "outreach", "embedded", "--", *command],
        env=known | variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(*command: str, **variables: str) -> tuple[int, str, str]:
    with embedded(*command, **variables) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the service user may walk into."""
    with tempfile.TemporaryDirectory(prefix="outreach-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "var"


@pytest.mark.long
def test_data_survive_a_restart_and_the_exit_code_is_the_commands(home: Path) -> None:
    at = {"OUTREACH_HOME": str(home)}
    assert ended(sys.executable, "-c", KEEPING, **at) == (7, "[] None\n", "")
    assert ended(sys.executable, "-c", KEEPING, **at) == (7, "[('here',)] b'there'\n", "")


@pytest.mark.long
def test_a_signal_to_us_is_one_to_the_command() -> None:
    with embedded(sys.executable, "-c", TELLING, **GIVEN) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            process.send_signal(number)
            assert process.stdout.readline() == f"{number.name}\n"
        assert process.wait(timeout=30) == 7
