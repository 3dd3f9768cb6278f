"""Commands that start something: web, ticker, worker, the demo; and `migrate`."""

import os
from typing import Annotated

import typer
from sqlalchemy.exc import ArgumentError

from outreach.app import build
from outreach.cli.session import aside
from outreach.errors import Misconfigured
from outreach.settings import Settings


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
    _refuse_unfit(settings)
    command = workshop.command(settings)
    os.execve(command[0], command, os.environ | workshop.environment(settings))  # noqa: S606


def migrate() -> None:
    """Bring the database to the newest version, as its owner (OUTREACH_OWNER_DATABASE_URL)."""
    from outreach.db import migrate as migration  # noqa: PLC0415  # Alembic is slow to load

    settings = Settings.read(os.environ)
    if not settings.owner_database_url:
        raise Misconfigured("OUTREACH_OWNER_DATABASE_URL is not set: migrating needs the owner")
    try:
        migration.upgrade(settings.owner_database_url)
    except ArgumentError as error:
        raise Misconfigured(
            "OUTREACH_OWNER_DATABASE_URL cannot be read: "
            "write postgresql://USER:PASSWORD@HOST/DATABASE"
        ) from error
    aside("the database is at the newest version")


def demo(
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running.")] = False,
    fallback: Annotated[bool, typer.Option(help="Workers also look by themselves.")] = True,
    wipe: Annotated[bool, typer.Option("--wipe", help="Kill and wipe Valkey midway.")] = False,
    redis: Annotated[bool, typer.Option(help="Run with Valkey at all.")] = True,
) -> None:
    """Two brands, 300 people, two weeks of their lives in about a minute."""
    from outreach.demo import run as demo_run  # noqa: PLC0415
    from outreach.demo.stage import Options  # noqa: PLC0415

    chosen = Options(as_json=json, keep=keep, fallback=fallback, wipe=wipe, with_redis=redis)
    raise typer.Exit(demo_run.run(chosen))


def _refuse_unfit(settings: Settings) -> None:
    """What is misconfigured is said here once, in a sentence, and not by each process it forks."""
    from outreach import hints  # noqa: PLC0415  # other commands start without Dramatiq

    build(settings).close()
    hints.open_broker(settings.redis_url).close()
