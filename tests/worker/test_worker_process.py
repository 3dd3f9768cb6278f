"""Does a worker process send: for a hint, and without one when Redis is away?"""

from pathlib import Path

from optout.model import Channel
from outreach import hints
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.embedded.desk import Servers
from outreach.hints import Hints
from outreach.standins import serving
from tests import builders as b
from tests.processes import a_worker, environment
from tests.waiting import wait_until


def with_a_mail_due(app: Outreach) -> BrandRef:
    brand = b.a_brand(app)
    b.a_live_campaign(app, brand)
    b.accepted(app, brand, b.an_event(app, brand, b.a_person(app, brand)))
    return brand


def test_a_hint_makes_a_worker_process_send(
    app: Outreach, servers: Servers, tmp_path: Path
) -> None:
    """Through Valkey, with the worker's own look switched off."""
    brand = with_a_mail_due(app)
    redis_url = f"{servers.redis_url}?db=7"
    with serving.smtp(tmp_path / "mails") as relay:
        email = f"smtp://127.0.0.1:{relay.port}?tls=none"
        variables = environment(servers, app, email=email, fallback="off", redis_url=redis_url)
        with a_worker(variables):
            assert Hints(hints.open_broker(redis_url)).look(Look(brand, Channel.EMAIL))
            wait_until(lambda: b.fates(app, brand) == [("email", "sent", None)], seconds=20)
        assert len(relay.accepted) == 1
    with hints.client(redis_url) as queue:
        queue.flushdb()


def test_a_worker_process_sends_without_redis(
    app: Outreach, servers: Servers, tmp_path: Path
) -> None:
    """Its own look finds what is due."""
    brand = with_a_mail_due(app)
    with serving.smtp(tmp_path / "mails") as relay:
        email = f"smtp://127.0.0.1:{relay.port}?tls=none"
        variables = environment(
            servers, app, email=email, fallback="on", redis_url=f"unix://{tmp_path}/gone.sock"
        )
        with a_worker(variables):
            wait_until(lambda: b.fates(app, brand) == [("email", "sent", None)], seconds=20)
        assert len(relay.accepted) == 1
