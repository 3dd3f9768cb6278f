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

from outreach import embedded as servers
from outreach.db import migrate
from outreach.errors import Invalid, Misconfigured, NotFound
from outreach.settings import Settings

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def embedded(context: typer.Context) -> None:
    """Run a command beside embedded PostgreSQL and Valkey: `outreach embedded -- COMMAND`."""
    settings = Settings.read(os.environ)
    command = _findable(context.args)
    if bool(settings.database_url) != bool(settings.redis_url):
        raise Misconfigured(
            "set both OUTREACH_DATABASE_URL and OUTREACH_REDIS_URL to use servers of your own, "
            "or neither to use embedded ones"
        )
    if settings.database_url:
        raise typer.Exit(_run(command, {}))
    with _signals_passed_on([]), servers.servers(Path(settings.home)) as running:
        migrate.prepare(running.superuser_url)
        migrate.upgrade(running.owner_database_url)
        raise typer.Exit(_run(command, running.environment()))


def _findable(command: list[str]) -> list[str]:
    if not command:
        raise Invalid("say what to run: outreach embedded -- COMMAND")
    if shutil.which(command[0]) is None:
        raise NotFound(f"there is no program {command[0]!r} to run")
    return command


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it to its end; a signal to us is one to it, and it decides when it has finished."""
    children: list[subprocess.Popen[bytes]] = []
    with _signals_passed_on(children):
        child = subprocess.Popen(command, env=os.environ | environment)  # noqa: S603  # the caller's own
        children.append(child)
        code = child.wait()
    return code if code >= 0 else 128 - code  # as a shell says which signal ended it


@contextmanager
def _signals_passed_on(children: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Signals go to these children; while there are none they end us, after the servers."""

    def pass_on(number: int, _: FrameType | None) -> None:
        if not children:
            sys.exit(128 + number)
        if number == signal.SIGINT and _from_keyboard():
            return
        for child in children:
            child.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _from_keyboard() -> bool:
    """Whether a Ctrl-C may be meant: it reaches the whole foreground group, the child included."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):  # no terminal, or no standard input at all
        return False
