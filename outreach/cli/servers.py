"""Commands that start something: web, ticker, embedded servers, the demo; and `migrate`."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from outreach import embedded as desk
from outreach.cli.session import err
from outreach.db import migrate as migration
from outreach.demo import run as demo_run
from outreach.demo.stage import Options
from outreach.errors import Misconfigured
from outreach.settings import Settings

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def web() -> None:
    """Serve the API and the pages."""
    from outreach.web import server  # noqa: PLC0415  # other commands start without it

    server.main()


def ticker() -> None:
    """Look for what is due, and wake whoever deals with it."""
    from outreach import ticker as clockwork  # noqa: PLC0415

    clockwork.main()


def worker() -> None:
    """Work: Dramatiq's own command, set up as outreach needs it."""
    from outreach import worker as workshop  # noqa: PLC0415

    settings = Settings.read(os.environ)
    command = workshop.command(settings)
    os.execve(command[0], command, os.environ | workshop.environment(settings))  # noqa: S606


def migrate() -> None:
    """Bring the database to the newest version, as its owner (OUTREACH_OWNER_DATABASE_URL)."""
    settings = Settings.read(os.environ)
    if not settings.owner_database_url:
        raise Misconfigured("OUTREACH_OWNER_DATABASE_URL is not set: migrating needs the owner")
    migration.upgrade(settings.owner_database_url)
    err.print("the database is at the newest version")


def embedded(context: typer.Context) -> None:
    """Run a command beside embedded PostgreSQL and Valkey: `outreach embedded -- COMMAND`."""
    settings = Settings.read(os.environ)
    if settings.database_url and settings.redis_url:
        raise typer.Exit(_run(context.args, {}))
    with desk.servers(Path(settings.home)) as servers:
        migration.prepare(servers.superuser_url)
        migration.upgrade(servers.owner_database_url)
        raise typer.Exit(_run(context.args, servers.environment()))


def demo(
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running.")] = False,
    fallback: Annotated[bool, typer.Option(help="Workers also look by themselves.")] = True,
    wipe: Annotated[bool, typer.Option("--wipe", help="Kill and wipe Valkey midway.")] = False,
    redis: Annotated[bool, typer.Option(help="Run with Valkey at all.")] = True,
) -> None:
    """Two brands, 300 people, a few days of their lives in less than a minute."""
    chosen = Options(as_json=json, keep=keep, fallback=fallback, wipe=wipe, with_redis=redis)
    raise typer.Exit(demo_run.run(chosen))


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run it to its end; a signal to us is one to it, and it decides when it has finished."""
    if not command:
        raise Misconfigured("say what to run: outreach embedded -- COMMAND")
    child = subprocess.Popen(command, env=os.environ | environment)  # noqa: S603  # the caller's own
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signum, _: child.send_signal(signum))
    return child.wait()
