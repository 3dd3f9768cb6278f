"""On what stage do the demo's days pass? Servers, stand-in providers, web, worker and ticker.

All of them processes of their own, on loopback or unix sockets, with a clock that they share.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from outreach import app as application
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db import migrate
from outreach.demo.moments import END, START
from outreach.demo.ports import free_port, listens
from outreach.demo.processes import Child, children, until
from outreach.embedded import desk
from outreach.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What the demo was asked for."""

    as_json: bool = False
    keep: bool = False
    fallback: bool = True
    wipe: bool = False
    with_redis: bool = True
    until: datetime = END


@dataclass(frozen=True, slots=True)
class Stage:
    """The running installation."""

    app: Outreach
    clock: SteppedClock
    servers: desk.Servers
    home: Path
    environment: dict[str, str]
    watched: list[Child]


@contextmanager
def stage(options: Options) -> Iterator[Stage]:
    """Servers, stand-in providers, web, worker and ticker, all on loopback or unix sockets."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outreach-demo-")))
        home.chmod(0o755)
        say("starting PostgreSQL and Valkey")
        servers = stack.enter_context(desk.servers(home / "servers"))
        migrate.prepare(servers.superuser_url)
        migrate.upgrade(servers.owner_database_url)
        if not options.with_redis:
            desk.stop_redis(servers)
        clock = SteppedClock(home / "clock")
        clock.step_to(START)
        environment = servers.environment() | _environment(clock, options)
        say("starting the mail and SMS stand-ins, web, worker and ticker")
        watched = stack.enter_context(
            children(_stand_ins(home), logs=home, environment=environment)
        )
        until(
            lambda: all((home / f"{n}.port").exists() for n in ("smtp", "sms")), watched, seconds=30
        )
        environment |= _ways(home)
        programs = {name: ("outreach", name) for name in ("web", "worker", "ticker")}
        watched += stack.enter_context(children(programs, logs=home, environment=environment))
        app = application.build(Settings.read(environment))
        stack.callback(app.close)
        port = int(environment["OUTREACH_PORT"])
        until(lambda: listens(port), watched, seconds=30)
        yield Stage(app, clock, servers, home, environment, watched)


def _environment(clock: SteppedClock, options: Options) -> dict[str, str]:
    port = free_port()
    return {
        "OUTREACH_CLOCK": f"file:{clock.path}",
        "OUTREACH_TICK": "0.05",
        "OUTREACH_FALLBACK": "on" if options.fallback else "off",
        "OUTREACH_PORT": str(port),
        "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OUTREACH_LOGIN_OVER_HTTP": "on",
    }


def _stand_ins(home: Path) -> dict[str, tuple[str, ...]]:
    def command(kind: str, name: str) -> tuple[str, ...]:
        port, log = home / f"{name}.port", home / f"{name}.jsonl"
        return ("outreach.standins", kind, "--port-file", str(port), "--log", str(log))

    return {"smtp": command("smtp", "smtp"), "sms": command("sms", "sms")}


def _ways(home: Path) -> dict[str, str]:
    smtp, sms = ((home / f"{name}.port").read_text().strip() for name in ("smtp", "sms"))
    return {
        "OUTREACH_EMAIL": f"smtp://127.0.0.1:{smtp}?tls=none",
        "OUTREACH_SMS": f"http://127.0.0.1:{sms}/messages",
        "OUTREACH_SMS_TOKEN": "demo",
    }


def say(text: str) -> None:
    """Progress goes to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
