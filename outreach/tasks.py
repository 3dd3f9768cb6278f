"""Which messages do workers understand? Two: new events to plan, and something due on a channel.

Actors are closures over the application. Nothing is retried: what fails is logged, and the table
still says that it is due.
"""

import dramatiq

from optout.model import Channel
from outreach import hints, work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.hints import Hints


def declare(broker: dramatiq.Broker, app: Outreach) -> Hints:
    """Teach the broker our actors; answers the hints that they send on."""
    sender = Hints(broker)

    @dramatiq.actor(broker=broker, queue_name=hints.EVENTS_QUEUE, actor_name=hints.ENROL)
    def enrol(brand_id: int, brand_key: str) -> None:
        brand = BrandRef(brand_id, brand_key)
        work.carried_out(lambda: work.plan_pending(app, sender, brand), f"planning for {brand.key}")

    for channel in Channel:
        _declare_look(broker, app, sender, channel)
    return sender


def _declare_look(broker: dramatiq.Broker, app: Outreach, sender: Hints, channel: Channel) -> None:
    queue = hints.queue_of(channel)

    @dramatiq.actor(broker=broker, queue_name=queue, actor_name=hints.actor_of(channel))
    def look(brand_id: int, brand_key: str, on: str) -> None:
        where = Look(BrandRef(brand_id, brand_key), Channel(on))
        work.carried_out(lambda: work.send_due(app, sender, where), f"sending {on} for {brand_key}")
