"""Where does a storm take place? Servers from wheels, stand-ins, web, ticker, workers."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from outreach import app as application
from outreach.access import keys
from outreach.app import Outreach
from outreach.db import migrate
from outreach.db.engine import BrandRef
from outreach.demo.ports import free_port, listens
from outreach.demo.shop import Shop
from outreach.embedded import desk
from outreach.embedded.postgres import Postgres
from outreach.embedded.valkey import Valkey
from outreach.settings import Settings
from tests.storm import crowd
from tests.storm.crowd import Somebody
from tests.storm.fleet import Fleet
from tests.storm.hand import Hand
from tests.waiting import wait_until

_READY = "ready for action"  # Dramatiq's words
CALL, LEASE = timedelta(seconds=3), timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scenario wants to stand on the stage.

    `trouble` are rules of the stand-ins; `keys` is whether the gateway knows keys and is looked up.
    """

    people: int
    workers: int = 3
    threads: int = 4
    by_mail: float = 0.0
    keys: bool = True
    trouble: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seed: str = "1"


@dataclass
class Stage:
    """The running installation, and who is contacted by it."""

    plan: Plan
    app: Outreach
    fleet: Fleet
    hand: Hand
    servers: desk.Servers
    people: list[Somebody]
    brands: dict[str, BrandRef]
    shops: dict[str, Shop]
    superuser: Engine
    faults: dict[str, int] = field(default_factory=dict)
    _counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    _counting: Lock = field(default_factory=Lock)

    @property
    def logs(self) -> dict[str, Path]:
        return {channel: self.fleet.home / f"{channel}.jsonl" for channel in ("sms", "email")}

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.servers.home, durable=True)

    @property
    def valkey(self) -> Valkey:
        return Valkey(self.servers.home)

    def accepted(self) -> int:
        """How many messages the providers have taken so far; reads only what is new."""
        with self._counting:
            for channel, log in self.logs.items():
                if log.exists():
                    with log.open("rb") as lines:
                        read, many = self._counted.get(channel, (0, 0))
                        lines.seek(read)
                        fresh = lines.read()
                    self._counted[channel] = (read + len(fresh), many + fresh.count(b"\n"))
            return sum(many for _, many in self._counted.values())

    def count(self, fault: str) -> None:
        self.faults[fault] = self.faults.get(fault, 0) + 1


@contextmanager
def stage(plan: Plan, *, keep: bool = False) -> Iterator[Stage]:
    """Everything set up and running but for the workers; all of it is gone in the end."""
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="outreach-storm-"))
        home.chmod(0o755)
        if keep:
            print(f"everything is left in {home}", file=sys.stderr)  # noqa: T201
        else:
            stack.callback(shutil.rmtree, home, ignore_errors=True)
        servers = stack.enter_context(desk.servers(home / "servers"))
        stack.callback(_wake, servers)
        migrate.prepare(servers.superuser_url)
        migrate.upgrade(servers.owner_database_url)
        hand = Hand(home / "clock")
        stack.callback(hand.stop)
        fleet = Fleet(home)
        stack.callback(fleet.end)
        fleet.environment = _environment(plan, servers, fleet)
        app = application.build(Settings.read(fleet.environment))
        stack.callback(app.close)
        superuser = _superuser(servers)
        stack.callback(superuser.dispose)
        people = crowd.crowd(plan.people, by_mail=plan.by_mail)
        brands = crowd.settle_in(app, people)
        shops = {key: _shop(app, brand) for key, brand in brands.items()}
        yield Stage(plan, app, fleet, hand, servers, people, brands, shops, superuser)


def open_doors(on: Stage) -> None:
    """Start web and ticker; workers are started apart."""
    for name in ("web", "ticker"):
        on.fleet.start(name, "outreach", name)
    port = int(on.fleet.environment["OUTREACH_PORT"])
    wait_until(lambda: listens(port), seconds=60)


def workers_start(on: Stage) -> None:
    """Start them, and wait until each takes messages: what is measured is no start-up."""
    for number in range(on.plan.workers):
        on.fleet.start(f"worker-{number}", "outreach", "worker")
    workers = on.fleet.named("worker-")
    wait_until(lambda: all(on.fleet.says(name, _READY) for name in workers), seconds=120)


def _environment(plan: Plan, servers: desk.Servers, fleet: Fleet) -> dict[str, str]:
    ports = {name: free_port() for name in ("sms", "email", "web")}
    _stand_in(plan, fleet, "sms", "sms" if plan.keys else "sms-unaskable", ports["sms"])
    _stand_in(plan, fleet, "email", "smtp", ports["email"])
    for port in (ports["sms"], ports["email"]):
        wait_until(lambda port=port: listens(port), seconds=30)
    keyed = "#idempotent,look-up" if plan.keys else ""
    return servers.environment() | {
        "OUTREACH_CLOCK": f"file:{fleet.home / 'clock'}",
        "OUTREACH_TICK": "0.2",
        "OUTREACH_CALL": str(CALL.total_seconds()),
        "OUTREACH_LEASE": str(LEASE.total_seconds()),
        "OUTREACH_WORKER_PROCESSES": "1",
        "OUTREACH_WORKER_THREADS": str(plan.threads),
        "OUTREACH_PORT": str(ports["web"]),
        "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{ports['web']}",
        "OUTREACH_EMAIL": f"smtp://127.0.0.1:{ports['email']}?tls=none",
        "OUTREACH_SMS": f"http://127.0.0.1:{ports['sms']}/messages{keyed}",
        "OUTREACH_SMS_TOKEN": "storm",
    }


def _stand_in(plan: Plan, fleet: Fleet, channel: str, kind: str, port: int) -> None:
    rules = [word for rule in plan.trouble.get(channel, ()) for word in ("--answer", rule)]
    if not plan.keys:
        rules.append("--forgets-keys")
    files = [
        "--port-file", str(fleet.home / f"{channel}.port"),
        "--log", str(fleet.home / f"{channel}.jsonl"),
    ]  # fmt: skip
    command = ["outreach.standins", kind, *files, "--port", str(port), "--seed", plan.seed, *rules]
    fleet.start(channel, *command)


def _shop(app: Outreach, brand: BrandRef) -> Shop:
    with app.means.database.begin(brand) as tx:
        return Shop(app.settings.public_url, keys.issue(tx, brand, name="storm"))


def _superuser(servers: desk.Servers) -> Engine:
    url = servers.superuser_url.replace("/postgres?", "/outreach?")
    return create_engine(url, poolclass=NullPool)


def _wake(servers: desk.Servers) -> None:
    """A Valkey that a scenario left stopped hears no request to end."""
    valkey = Valkey(servers.home)
    if valkey.pid_file.exists():
        os.kill(valkey.pid(), signal.SIGCONT)
