"""Which messages do workers understand? Two: new events to plan, and something due on a channel.

Actors are closures over the application. Nothing is retried: what fails is logged, and the table
still says that it is due. One channel holds no more than its lane of a process (`lanes`), nor does
planning, so that whatever keeps one of them keeps no other.
"""

from functools import partial

import dramatiq

from optout.model import Channel
from outreach import hints, work
from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.dispatch.means import Look
from outreach.hints import Hints
from outreach.lanes import Lane


def declare(broker: dramatiq.Broker, app: Outreach) -> Hints:
    """Teach the broker our actors; answers the hints that they send on."""
    sender = Hints(broker)
    lane = Lane(app.settings.worker_threads)

    @dramatiq.actor(broker=broker, queue_name=hints.EVENTS_QUEUE, actor_name=hints.ENROL)
    def enrol(brand_id: int, brand_key: str) -> None:
        brand = BrandRef(brand_id, brand_key)
        plan = partial(work.plan_pending, app, sender, brand)
        job = partial(work.carried_out, plan, f"planning for {brand.key}")
        lane.take(brand, job, partial(sender.enrol, brand))

    for channel in Channel:
        _declare_look(broker, app, sender, channel)
    return sender


def _declare_look(broker: dramatiq.Broker, app: Outreach, sender: Hints, channel: Channel) -> None:
    lane = Lane(app.settings.worker_threads)

    @dramatiq.actor(
        broker=broker, queue_name=hints.TOUCHES_QUEUE, actor_name=hints.actor_of(channel)
    )
    def look(brand_id: int, brand_key: str, on: str) -> None:
        where = Look(BrandRef(brand_id, brand_key), Channel(on))
        send = partial(work.send_due, app, sender, where)
        job = partial(work.carried_out, send, f"sending {on} for {brand_key}")
        lane.take(where, job, partial(sender.look, where))
