"""Where do the days pass again?

In a database of their own, which is made for one replay and thrown away. The statements that plan,
gather, judge and mark are the installation's, so they need tables to stand on; they get tables that
nobody else sees.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from outreach.db import migrate
from outreach.embedded.postgres import Postgres


@dataclass(frozen=True, slots=True)
class Ground:
    """An empty migrated database: as its superuser, who fills it, and as the application's role."""

    superuser_url: str
    app_url: str


@contextmanager
def embedded() -> Iterator[Ground]:
    """A server of its own in a temporary folder, gone in the end.

    Raises `Misconfigured` where the extra `desk`, which brings PostgreSQL along, is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="outreach-replay-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Postgres(home, durable=False)
        try:
            server.start()
            migrate.prepare(server.url("postgres", "postgres"))
            migrate.upgrade(server.url("outreach_owner", "outreach"))
            yield Ground(server.url("postgres", "outreach"), server.url("outreach_app", "outreach"))
        finally:
            server.stop()
            shutil.rmtree(server.sockets, ignore_errors=True)
