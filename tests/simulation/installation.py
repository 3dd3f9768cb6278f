"""Where does the simulation run, when nobody else has servers for it?"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from outreach import app as application
from outreach.app import Outreach
from outreach.db import migrate
from outreach.embedded import desk
from outreach.settings import Secret, Settings
from tests import builders as b


@contextmanager
def an_app() -> Iterator[Outreach]:
    """An installation of its own, whose data is thrown away."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outreach-simulation-")))
        home.chmod(0o755)
        servers = stack.enter_context(desk.servers(home, durable=False))
        migrate.prepare(servers.superuser_url)
        migrate.upgrade(servers.owner_database_url)
        settings = Settings(
            database_url=servers.database_url, redis_url=servers.redis_url,
            secret_key=Secret("k" * 32), email="memory:", sms="memory:",
            lease=timedelta(seconds=60), call=timedelta(seconds=20),
        )  # fmt: skip
        app = application.build(settings)
        stack.callback(app.close)
        yield replace(app, means=replace(app.means, clock=lambda: b.NOON))
