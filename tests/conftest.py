"""What do tests stand on? A real PostgreSQL and a real Valkey, from wheels; nothing is faked."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach import embedded


@pytest.fixture(scope="session")
def servers() -> Iterator[embedded.Servers]:
    """Both servers, empty, for the whole run."""
    home = Path(tempfile.mkdtemp(prefix="outreach-tests-"))
    home.chmod(0o755)
    with embedded.servers(home, durable=False) as running:
        yield running
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def postgres_url(servers: embedded.Servers) -> str:
    """The superuser's way in, as a libpq address: for tests that make databases of their own."""
    return servers.superuser_url.replace("+psycopg", "")
