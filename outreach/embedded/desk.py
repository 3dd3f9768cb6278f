"""Where do PostgreSQL and Valkey come from when nobody installed any?

Both listen on unix sockets only, keep their data in one folder, and outlive a killed parent; the
next start then adopts them.
"""

import fcntl
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outreach.embedded import place
from outreach.embedded.postgres import Postgres
from outreach.embedded.valkey import Valkey
from outreach.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the two servers are to be reached."""

    superuser_url: str
    owner_database_url: str
    database_url: str
    redis_url: str
    secret_key: str
    home: Path

    def environment(self) -> dict[str, str]:
        """The variables that make every other process use these servers."""
        return {
            "OUTREACH_DATABASE_URL": self.database_url,
            "OUTREACH_OWNER_DATABASE_URL": self.owner_database_url,
            "OUTREACH_REDIS_URL": self.redis_url,
            "OUTREACH_SECRET_KEY": self.secret_key,
        }


@contextmanager
def servers(home: Path, *, durable: bool = True) -> Iterator[Servers]:
    """Run both servers with their data in `home`; stop them in the end.

    `durable=False` trades the safety of the data for speed and is for tests alone. Raises
    `Misconfigured` when another process already runs servers on that folder.
    """
    home = place.chosen(home)
    with _alone(home):
        postgres = Postgres(home, durable=durable)
        valkey = Valkey(home)
        try:
            postgres.start()
            valkey.start()
            yield Servers(
                superuser_url=postgres.url("postgres", "postgres"),
                owner_database_url=postgres.url("outreach_owner", "outreach"),
                database_url=postgres.url("outreach_app", "outreach"),
                redis_url=f"unix://{valkey.socket}",
                secret_key=_secret(home / "secret"),
                home=home,
            )
        finally:
            valkey.stop()
            postgres.stop()


def stop_redis(servers: Servers) -> None:
    """Take Valkey away, as an outage would."""
    Valkey(servers.home).stop()


def wipe_redis(servers: Servers) -> None:
    """Kill Valkey, throw its data away and start it empty: what a lost disk would do."""
    valkey = Valkey(servers.home)
    os.kill(valkey.pid(), signal.SIGKILL)
    if not place.until(lambda: not valkey.answers(), seconds=10):
        raise Misconfigured("Valkey did not die")
    shutil.rmtree(valkey.data)
    valkey.start()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock goes with the process, however it ends."""
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured(
                f"servers already run on {home}: stop that process first"
            ) from error
        yield


def _secret(path: Path) -> str:
    """The key that belongs to this data: without it the hashes of addresses fit no more."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")
