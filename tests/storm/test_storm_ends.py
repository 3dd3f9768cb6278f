"""What is left of a storm that is told to end in its midst?"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storm.mutations import ROOT
from tests.waiting import wait_until


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the user of the servers can reach, with a short name."""
    folder = Path(tempfile.mkdtemp(prefix="storm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.long
def test_a_storm_that_is_told_to_end_takes_its_servers_with_it(place: Path) -> None:
    """As after Ctrl-C: nothing goes on running, and no data stays behind."""
    command = [sys.executable, "-m", "tests.storm"]
    variables = os.environ | {"TMPDIR": str(place), "SCENARIO": "F4", "SCALE": "0.01"}
    with subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL) as storm:
        wait_until(lambda: list(place.glob("outreach-storm-*/servers/valkey/*.pid")), seconds=60)
        files = [
            *place.glob("outreach-storm-*/servers/valkey/*.pid"),
            *place.glob("outreach-storm-*/servers/postgres/postmaster.pid"),
        ]
        servers = [int(file.read_text().split()[0]) for file in files]
        storm.send_signal(signal.SIGTERM)
        assert storm.wait(60) == 128 + signal.SIGTERM
    assert len(servers) == 2
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in servers))
    assert not list(place.glob("outreach-storm-*"))
