"""How do the demo's days pass? Real processes, and a clock that steps to the next due instant.

Whenever nothing is due, pending or in a worker's hand, the clock steps on. What comes of it does not
depend on how fast the machine is. Leases live on the database's own, real clock.
"""

import json
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from outreach import app as application
from outreach import embedded
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db import migrate
from outreach.demo import document, setting_up, table, world
from outreach.demo.processes import Child, children, until
from outreach.demo.story import Story, Tally
from outreach.demo.timeline import END, START, Moment, timeline
from outreach.dispatch import due
from outreach.settings import Settings

_PATIENCE = 60  # seconds that one instant's work may take


@dataclass(frozen=True, slots=True)
class Options:
    """What the demo was asked for."""

    as_json: bool = False
    keep: bool = False
    fallback: bool = True
    wipe: bool = False
    with_redis: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """The running installation."""

    app: Outreach
    clock: SteppedClock
    servers: embedded.Servers
    home: Path
    environment: dict[str, str]
    watched: list[Child]


def run(options: Options) -> int:
    """Run the demo; the exit code is 0 when every sum closes and the receivers bear it out."""
    began = time.monotonic()
    with stage(options) as on:
        people = world.inhabitants()
        _say("making two brands, their campaigns and 300 people known")
        shops = setting_up.set_up(on.app, on.environment["OUTREACH_PUBLIC_URL"], people)
        tally = Tally()
        _drive(on, Story(on.app, shops, on.home / "smtp.jsonl", tally), timeline(people), options)
        _say("the days are over; drawing up the account")
        result = document.result(on.app, on.home, tally, elapsed=time.monotonic() - began)
        _show(on.app, result, people, options)
        if options.keep:
            _keep(on)
    return 0 if result.closes else 1


def _show(
    app: Outreach, result: document.Result, people: list[world.Inhabitant], options: Options
) -> None:
    if options.as_json:
        sys.stdout.write(json.dumps(result.document, ensure_ascii=False) + "\n")
    else:
        table.show(app, result, people)


def _drive(on: Stage, story: Story, moments: list[Moment], options: Options) -> None:
    """Step from instant to instant until the days are over."""
    half = START + (END - START) / 2
    coming = iter([*moments, None])
    moment = next(coming)
    wiped = not options.wipe
    while True:
        next_due = _quiet(on)
        told = [instant for instant in (next_due, moment and moment.at) if instant]
        now = min((instant for instant in told if instant < END), default=None)
        if now is None:
            return
        if not wiped and now >= half:
            _say("killing Valkey and wiping its data")
            embedded.wipe_redis(on.servers)
            wiped = True
        _step(on.clock, now)
        while moment and moment.at <= now:
            story.tell(moment)
            moment = next(coming)


def _step(clock: SteppedClock, now: datetime) -> None:
    if now > clock():
        if now.date() != clock().date():
            _say(f"{now:%A %d %B %Y}")
        clock.step_to(now)


def _quiet(on: Stage) -> datetime | None:
    """Wait until nothing is under way; answers when the next touch is due."""
    found: list[due.Pulse] = []

    def is_quiet() -> bool:
        with on.app.means.database.watch() as tx:
            found.append(due.pulse(tx, now=on.app.means.clock()))
        return found[-1].quiet

    until(is_quiet, on.watched, seconds=_PATIENCE)
    return found[-1].next_due_at


@contextmanager
def stage(options: Options) -> Iterator[Stage]:
    """Servers, stand-in providers, web, worker and ticker, all on loopback or unix sockets."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outreach-demo-")))
        home.chmod(0o755)
        _say("starting PostgreSQL and Valkey")
        servers = stack.enter_context(embedded.servers(home / "servers"))
        migrate.prepare(servers.superuser_url)
        migrate.upgrade(servers.owner_database_url)
        if not options.with_redis:
            embedded.stop_redis(servers)
        clock = SteppedClock(home / "clock")
        clock.step_to(START)
        environment = servers.environment() | _environment(clock, options)
        _say("starting the mail and SMS stand-ins, web, worker and ticker")
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
        until(lambda: _listens(port), watched, seconds=30)
        yield Stage(app, clock, servers, home, environment, watched)


def _environment(clock: SteppedClock, options: Options) -> dict[str, str]:
    port = _free_port()
    return {
        "OUTREACH_CLOCK": f"file:{clock.path}",
        "OUTREACH_TICK": "0.02",
        "OUTREACH_FALLBACK": "on" if options.fallback else "off",
        "OUTREACH_PORT": str(port),
        "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{port}",
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _keep(on: Stage) -> None:
    """Leave everything running until Ctrl-C."""
    _say(f"everything keeps running: {on.environment['OUTREACH_PUBLIC_URL']} (Ctrl-C ends it)")
    for brand, key in setting_up.page_keys(on.app).items():
        _say(f"  {brand}: any user name, password {key}")
    try:
        Event().wait()
    except KeyboardInterrupt:
        _say("stopping")


def _say(text: str) -> None:
    """Progress goes to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
