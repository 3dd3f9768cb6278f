"""How does a test run a worker as it runs in earnest, as a process group of its own?

And how does a program of the tests end when it is told to: with everything stopped that it started.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from outreach.app import Outreach
from outreach.embedded.desk import Servers


def environment(servers: Servers, app: Outreach, **changes: str) -> dict[str, str]:
    """The variables of a worker beside this application: its database, clock and keys."""
    known = {
        "OUTREACH_DATABASE_URL": app.settings.database_url,
        "OUTREACH_REDIS_URL": servers.redis_url,
        "OUTREACH_SECRET_KEY": str(app.settings.secret_key),
        "OUTREACH_CLOCK": app.settings.clock,
        "OUTREACH_TICK": "0.05",
        "dramatiq_worker_timeout": "20",
    }
    stray = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    return stray | known | {f"OUTREACH_{name.upper()}": value for name, value in changes.items()}


@contextmanager
def a_worker(variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one process and two threads, for the length of the block."""
    command = [
        sys.executable, "-m", "dramatiq", "outreach.worker:main", "--processes", "1",
        "--threads", "2",
    ]  # fmt: skip
    with subprocess.Popen(
        command, env=variables, start_new_session=True, cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it at once, as the kernel does when memory runs out: master, workers and threads."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP end this program as Ctrl-C does: every context is left on the way."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)


def _exit(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
