"""Where do embedded servers keep their data and sockets, and whose are they?

PostgreSQL refuses to run as root. Root runs it as a user made for it, in folders that this user can
reach; the permissions of folders above them are left alone.
"""

import hashlib
import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from outreach.errors import Misconfigured

SERVICE_USER = "outreach-desk"


def is_root() -> bool:
    return os.geteuid() == 0


def chosen(home: Path) -> Path:
    """The folder itself, or for root one that the service user can reach."""
    home = home.resolve()
    if is_root() and not open_to_all(home.parent):
        home = Path("/var/tmp") / f"outreach-{short(home)}"  # noqa: S108  # survives a restart
    home.mkdir(parents=True, exist_ok=True)
    if is_root():
        service_user()
        home.chmod(0o711)
    return home


def socket_folder(home: Path) -> Path:
    """A short path of our own: a unix socket's path may have about 100 signs and no more."""
    folder = Path(tempfile.gettempdir()) / f"outreach-{os.geteuid()}-{short(home)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = service_user().pw_uid if is_root() else os.geteuid()
    if folder.stat().st_uid not in {owner, os.geteuid()}:
        raise Misconfigured(f"{folder} belongs to somebody else; remove it or set TMPDIR")
    own(folder)
    return folder


def own(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    give(folder)


def give(path: Path) -> None:
    if is_root():
        user = service_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def service_user() -> pwd.struct_passwd:
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


def open_to_all(path: Path) -> bool:
    """Whether everybody may walk into this folder."""
    while not path.exists():
        path = path.parent
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents])


def short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def until(true: Callable[[], bool], *, seconds: float) -> bool:
    pause = Event()
    return any(true() or pause.wait(0.02) for _ in range(int(seconds / 0.02))) or true()
