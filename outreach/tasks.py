"""Which messages do workers understand? New events to plan; something, or news, due on a channel.

Actors are closures over the application. Nothing is retried: what fails is logged, and the table
still says that it is due. One channel holds no more than its lane of a process (`lanes`), nor does
planning, so that whatever keeps one of them keeps no other. News of orders has one thread more, so
that it does not wait for what a campaign has in hand.
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

# Seconds between the beginnings of two jobs of one kind in a process: whoever hints at something
# twice means two processes, and where a provider is quick a second thread has nothing to wait for.
_APART, _APART_WHERE_QUICK = 1.0, 10.0


def declare(broker: dramatiq.Broker, app: Outreach) -> Hints:
    """Teach the broker our actors; answers the hints that they send on."""
    sender = Hints(broker)
    lane = Lane(app.settings.worker_threads)

    @dramatiq.actor(broker=broker, queue_name=hints.EVENTS_QUEUE, actor_name=hints.ENROL)
    def enrol(brand_id: int, brand_key: str) -> None:
        brand = BrandRef(brand_id, brand_key)
        plan = partial(work.plan_pending, app, sender, brand)
        job = partial(work.carried_out, plan, f"planning for {brand.key}")
        lane.take(brand, job, partial(sender.enrol, brand), apart=_APART)

    for channel in Channel:
        _declare_look(broker, app, sender, channel, Lane(app.settings.worker_threads))
        _declare_look(broker, app, sender, channel, Lane(1), news=True)
    return sender


def _declare_look(
    broker: dramatiq.Broker,
    app: Outreach,
    sender: Hints,
    channel: Channel,
    lane: Lane,
    *,
    news: bool = False,
) -> None:
    name = hints.actor_of(channel, news=news)

    @dramatiq.actor(broker=broker, queue_name=hints.TOUCHES_QUEUE, actor_name=name)
    def look(brand_id: int, brand_key: str, on: str) -> None:
        where = Look(BrandRef(brand_id, brand_key), Channel(on), news)
        send = partial(work.send_due, app, sender, where)
        job = partial(work.carried_out, send, f"sending {on} for {brand_key}")
        quick = app.means.strides.quick(where.channel, brand=brand_key)
        apart = _APART_WHERE_QUICK if quick else _APART
        lane.take(where, job, partial(sender.look, where), apart=apart)
