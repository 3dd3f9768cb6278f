"""Which processes does the demo run, and how are they started and stopped?"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from outreach.errors import Trouble

_STOP_WITHIN = 15  # seconds


@dataclass(frozen=True, slots=True)
class Child:
    """A process of ours, and where its output goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise `Trouble` with the end of its log when it is no longer there."""
        if self.process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-3000:]
            raise Trouble(f"the process {self.name} ended with {self.process.returncode}:\n{tail}")


@contextmanager
def child(name: str, *command: str, logs: Path, environment: Mapping[str, str]) -> Iterator[Child]:
    """Run `python -m COMMAND` beside us, in a group of its own, until the context ends."""
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own programs
            [sys.executable, "-m", *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(environment),
            start_new_session=True,
        )
    try:
        yield Child(name, process, log)
    finally:
        _stop(process)


@contextmanager
def children(
    commands: Mapping[str, tuple[str, ...]], *, logs: Path, environment: Mapping[str, str]
) -> Iterator[list[Child]]:
    """Several of them; they are told to stop together."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(child(name, *command, logs=logs, environment=environment))
            for name, command in commands.items()
        ]


def until(true: Callable[[], bool], watched: list[Child], *, seconds: float) -> None:
    """Wait until it is so. Raises `Trouble` when time is up or a process has ended."""
    pause = Event()
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        for one in watched:
            one.check()
        pause.wait(0.01)
    raise Trouble(f"nothing came of it within {seconds} s; see the logs")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; after a while, end its whole group."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
