"""What does a bench stand on? Both servers in a new folder, and the application on them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach import app as application
from outreach.app import Outreach
from outreach.db import migrate
from outreach.embedded import desk
from outreach.settings import Secret, Settings


@contextmanager
def servers() -> Iterator[desk.Servers]:
    """Both servers with an empty database of ours; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    home.chmod(0o755)
    try:
        with desk.servers(home, durable=False) as running:
            migrate.prepare(running.superuser_url)
            migrate.upgrade(running.owner_database_url)
            yield running
    finally:
        shutil.rmtree(home)


def built(running: desk.Servers) -> Outreach:
    """The application, whose mails and texts go no further than memory."""
    return application.build(
        Settings(
            database_url=running.database_url, redis_url=running.redis_url,
            secret_key=Secret("k" * 32), email="memory:", sms="memory:",
        )
    )  # fmt: skip
