"""How does a command run beside embedded servers?  `outreach embedded -- COMMAND`

It gets our signals and we get its exit code, so that whoever starts and stops this starts and stops
the command.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from outreach.embedded import desk as servers
from outreach.errors import Invalid, Misconfigured, NotFound
from outreach.settings import Settings

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def embedded(context: typer.Context) -> None:
    """Run a command beside embedded PostgreSQL and Valkey: `outreach embedded -- COMMAND`."""
    from outreach.db import migrate  # noqa: PLC0415  # Alembic is slow to load

    settings = Settings.read(os.environ)
    command = _findable(context.args)
    if bool(settings.database_url) != bool(settings.redis_url):
        raise Misconfigured(
            "set both OUTREACH_DATABASE_URL and OUTREACH_REDIS_URL to use servers of your own, "
            "or neither to use embedded ones"
        )
    with _signals_to(Program()) as program:
        if settings.database_url:
            raise typer.Exit(program.run(command, {}))
        with servers.servers(Path(settings.home)) as running:
            migrate.prepare(running.superuser_url)
            migrate.upgrade(running.owner_database_url)
            raise typer.Exit(program.run(command, running.environment()))


class Program:
    """The command's process; a signal to us is one to it, and it decides when it has finished."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._caught: list[int] = []

    def signal(self, number: int, _: FrameType | None) -> None:
        """Pass a signal on; one that comes before there is a process waits for it."""
        if self._process is None:
            self._caught.append(number)
        elif number != signal.SIGINT or not _from_keyboard():
            self._process.send_signal(number)

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run it to its end, or not at all where we were told to end before it began."""
        if self._caught:
            return 128 + self._caught[0]
        self._process = subprocess.Popen(command, env=os.environ | environment)  # noqa: S603
        for number in self._caught:  # those that came while it was started
            self._process.send_signal(number)
        code = self._process.wait()
        return code if code >= 0 else 128 - code  # as a shell says which signal ended it


def _findable(command: list[str]) -> list[str]:
    if not command:
        raise Invalid("say what to run: outreach embedded -- COMMAND")
    if shutil.which(command[0]) is None:
        raise NotFound(f"there is no program {command[0]!r} to run")
    return command


@contextmanager
def _signals_to(program: Program) -> Iterator[Program]:
    """Servers are not stopped half started: until there is a program, signals wait."""
    before = {number: signal.signal(number, program.signal) for number in _SIGNALS}
    try:
        yield program
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _from_keyboard() -> bool:
    """Whether a Ctrl-C may be meant: it reaches the whole foreground group, the child included."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):  # no terminal, or no standard input at all
        return False
