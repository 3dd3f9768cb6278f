"""On which servers does a bench run, and how are its seconds taken?"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from outreach import app as application
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.brands.model import BrandDocument
from outreach.db import migrate
from outreach.db.engine import BrandRef
from outreach.embedded import desk
from outreach.reports import sums
from outreach.settings import Secret, Settings
from outreach.templates import store as templates

BRAND = {
    "key": "bench", "name": "Bench", "locale": "en", "zone": "UTC",
    "profile": {
        "sender_name": "Bench", "sender_email": "a@bench.example", "sms_sender": "BENCH",
        "signature": "Bench", "support": "help@bench.example",
    },
}  # fmt: skip
TEMPLATE = """\
key: news
purpose: service
texts: {en: {email: {subject: News, text: News.}, sms: {text: News.}}}
"""

SECRET = "k" * 32


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


def built(running: desk.Servers, *, email: str = "memory:") -> Outreach:
    """The application, whose texts go no further than memory, nor mails if nobody says where."""
    return application.build(
        Settings(
            database_url=running.database_url, redis_url=running.redis_url,
            secret_key=Secret(SECRET), email=email, sms="memory:",
        )
    )  # fmt: skip


def brand(app: Outreach) -> BrandRef:
    """A brand with a text, `news`."""
    ref = brands.put(app.means.database, BrandDocument.model_validate(BRAND))
    with app.means.database.begin(ref) as tx:
        templates.put(tx, ref, TEMPLATE, name="news")
    return ref


def as_superuser(started: desk.Servers) -> str:
    """The URL of our database for whoever may do everything."""
    return started.superuser_url.replace("/postgres?", "/outreach?")


def folded(engine: Engine) -> None:
    """Fold what changed into the sums, until nothing is left of it."""
    while True:
        with engine.begin() as tx:
            if not sums.fold(tx):
                return


def timed(job: Callable[[], object]) -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun
