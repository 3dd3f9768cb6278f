"""What do tests stand on? A real PostgreSQL and Valkey, from wheels; nothing of ours is faked.

Faked are time (a stepped clock), chance (which is a hash anyway) and providers (memory channels).
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

from outreach import app as application
from outreach.app import Outreach
from outreach.clock import SteppedClock
from outreach.db import migrate
from outreach.embedded import desk
from outreach.settings import Secret, Settings
from tests import builders
from tests.clones import cloned

# Where a test does not say how many examples it wants. Every day plays the same ones, so that a
# change is judged by what it changed; `make search` looks for new ones.
# Neither is judged by the clock: machines that are busy are no news.
for name, choices in {
    "day": {"max_examples": 50, "derandomize": True},
    "search": {"max_examples": 500},
}.items():
    property_tests.register_profile(
        name, deadline=None, suppress_health_check=[HealthCheck.too_slow], **choices
    )
property_tests.load_profile(os.environ.get("PROPERTIES", "day"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: each waits for its own PostgreSQL for much of its time."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Stories may be written anew by what comes out of them."""
    parser.addoption("--update", action="store_true", help="write the diaries of stories anew")


@pytest.fixture(scope="session")
def servers() -> Iterator[desk.Servers]:
    """Both servers, empty, for the whole run."""
    home = Path(tempfile.mkdtemp(prefix="outreach-tests-"))
    home.chmod(0o755)
    with desk.servers(home, durable=False) as running:
        yield running
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def postgres_url(servers: desk.Servers) -> str:
    """The superuser's way in, as a libpq address: for tests that make databases of their own."""
    return servers.superuser_url.replace("+psycopg", "")


@pytest.fixture(scope="session")
def migrated(servers: desk.Servers) -> desk.Servers:
    """The servers with our tables; tests clone this database and never write to it."""
    migrate.prepare(servers.superuser_url)
    migrate.upgrade(servers.owner_database_url)
    return servers


@pytest.fixture
def database_url(migrated: desk.Servers) -> Iterator[str]:
    """A database of this test's own, for the application's role."""
    with cloned(migrated) as clone:
        yield clone.url


@pytest.fixture
def clock(tmp_path: Path) -> SteppedClock:
    """The time of the test: it stands until it is stepped."""
    stepped = SteppedClock(tmp_path / "clock")
    stepped.step_to(builders.NOON)
    return stepped


@pytest.fixture
def settings(database_url: str, clock: SteppedClock, migrated: desk.Servers) -> Settings:
    """Settings of an installation whose messages stay in memory."""
    return _settings(database_url, clock, migrated)


def _settings(database_url: str, clock: SteppedClock, migrated: desk.Servers) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url=migrated.redis_url,
        secret_key=Secret("k" * 32),
        email="memory:",
        sms="memory:",
        clock=f"file:{clock.path}",
        tick=timedelta(milliseconds=20),
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Outreach]:
    """The application, in this process."""
    built = application.build(settings)
    yield built
    built.close()


@pytest.fixture(scope="module")
def shared_app(
    migrated: desk.Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outreach]:
    """One application for a whole module, at noon: for tests that keep apart by brand or person."""
    clock = SteppedClock(tmp_path_factory.mktemp("time") / "clock")
    clock.step_to(builders.NOON)
    with cloned(migrated) as clone:
        built = application.build(_settings(clone.url, clock, migrated))
        yield built
        built.close()
