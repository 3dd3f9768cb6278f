"""On which servers does a bench run, and how are its seconds taken and shown?"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from outreach import app as application
from outreach.app import Outreach
from outreach.db import migrate
from outreach.embedded import desk
from outreach.settings import Secret, Settings


@contextmanager
def servers(*, durable: bool = False) -> Iterator[desk.Servers]:
    """Servers of this run's own, with our tables; nothing of them is left behind."""
    home = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    home.chmod(0o755)
    try:
        with desk.servers(home, durable=durable) as started:
            migrate.prepare(started.superuser_url)
            migrate.upgrade(started.owner_database_url)
            yield started
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


def as_superuser(started: desk.Servers) -> str:
    """The URL of our database for whoever may do everything."""
    return started.superuser_url.replace("/postgres?", "/outreach?")


def timed(job: Callable[[], object]) -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of the rounds, name by name."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def report(found: Mapping[str, float], ratios: Mapping[str, float], *, of: str, kept: bool) -> None:
    """A table in milliseconds, or JSON; ends with 1 when what was promised is not kept."""
    if "--json" in sys.argv:
        print(json.dumps({"seconds": found, f"of_{of.replace(' ', '_')}": ratios, "kept": kept}))
    else:
        for name, seconds in found.items():
            ratio = f"{ratios[name]:10.3f} of {of}" if name in ratios else ""
            print(f"{name:26}{seconds * 1e3:12.4f} ms{ratio}")
    sys.exit(0 if kept else 1)
