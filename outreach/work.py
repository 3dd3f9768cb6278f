"""What does a worker do when it is woken? The same whether a message or its own look woke it."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from outreach.app import Outreach
from outreach.callbacks import sweeping
from outreach.callbacks.mirrors import showing
from outreach.db.engine import BrandRef
from outreach.dispatch import doubt, due, reaping, unheard
from outreach.dispatch.means import Look
from outreach.dispatch.send import dispatch
from outreach.enrolments import intake
from outreach.enrolments.enrol import enrol
from outreach.enrolments.planner import plan_next
from outreach.errors import OutreachError
from outreach.hints import Hints
from outreach.inbound import inbox, requests

log = logging.getLogger(__name__)

# After so many batches a worker queues up again behind the others, so that no brand starves one.
TURN = 10


def plan_pending(app: Outreach, hints: Hints, brand: BrandRef) -> None:
    """Take in what platforms told, carry out what people asked for there, hold a brand's new events
    against its campaigns, plan what comes round by itself, settle calls that ended, then wake
    whoever sends what is due now, as is done after each batch. Other systems are shown the
    calls last: they may be slow.
    """
    means = app.means
    jobs: tuple[Callable[[], int], ...] = (
        partial(_take_in, app, brand), partial(requests.carry_out, means, brand),
        _waking(app, hints, brand, partial(_enrol, app, brand)),
        _waking(app, hints, brand, partial(_plan, app, brand)),
        partial(sweeping.sweep, means, brand),
    )  # fmt: skip
    more = [_in_turn(job) for job in jobs]
    if any(more):
        hints.enrol(brand)
    _wake(app, hints, brand)
    if _show(app, brand):
        hints.enrol(brand)


def _waking(
    app: Outreach, hints: Hints, brand: BrandRef, job: Callable[[], int]
) -> Callable[[], int]:
    """The same job, after each of whose batches what is due is sent while the next is planned."""

    def batch() -> int:
        if done := job():
            _wake(app, hints, brand)
        return done

    return batch


def _wake(app: Outreach, hints: Hints, brand: BrandRef) -> None:
    with app.means.database.watch() as tx:
        looks = due.looks(tx, now=app.means.clock())
    for look in looks:
        if look.brand == brand:
            hints.look(look)


def send_due(app: Outreach, hints: Hints, look: Look) -> None:
    """Send what is due for a brand on a channel, and look into what is in doubt there.

    Or its news alone, which is to wait neither for that nor for other brands.
    """
    if not look.news:
        doubt.look_into(app.means, look)
    turn = partial(_batches if look.news else a_round, app, look)
    if _in_turn(turn):
        hints.look(look)


def a_round(app: Outreach, look: Look) -> int:
    """Some batches of this brand, by its weight, then of each other with something due there.

    So it is of no account whose message came first, or how many there are of one brand: what few
    touches another has never wait for longer than a round.
    """
    with app.means.database.watch() as tx:
        looks = due.looks(tx, now=app.means.clock(), channels=[look.channel])
    ours = next((one for one in looks if one == look), look)
    done = _batches(app, ours)
    for other in looks:
        if other != look:
            what = f"sending {other.channel} for {other.brand.key}"
            carried_out(partial(_batches, app, other), what)
    return done


def _batches(app: Outreach, look: Look) -> int:
    """As many batches as its weight; answers the size of the last, nothing when it is done.

    Nothing either when its provider put all of one off: whoever has more for it waits for a hint.
    """
    strides = app.means.of(look.brand).strides
    for _ in range(look.weight):
        done = dispatch(app.means, look)
        if not done or strides.stalled(look.channel):
            return 0
    return done


def reap(app: Outreach, brand: BrandRef) -> tuple[int, int]:
    """Take back what dead workers of this brand held, and take in what they had heard."""
    with app.means.database.begin(brand) as tx:
        taken_back = reaping.reap(tx, now=app.means.clock(), patience=app.means.lease)
    unheard.take_up(app.means, brand)
    return taken_back


def warn(app: Outreach, brand: BrandRef, *, after: datetime, now: datetime) -> None:
    """Warn of everybody whose refund has become slow since, a set at a time."""
    last, more = None, True
    while more:
        with app.means.database.begin(brand) as tx:
            last = intake.warn_in_time(tx, brand, after=after, now=now, beyond=last)
        more = last is not None


def look_everywhere(app: Outreach, hints: Hints) -> None:
    """Do by oneself what hints would have asked for (a worker to whom no message comes).

    What goes wrong for one brand or channel keeps none of the others.
    """
    with app.means.database.watch() as tx:
        wanted = due.wanted(tx, now=app.means.clock())
    for brand in wanted.expired:
        carried_out(partial(reap, app, brand), f"taking back for {brand.key}")
    for brand in wanted.pending:
        carried_out(partial(plan_pending, app, hints, brand), f"planning for {brand.key}")
    for look in wanted.looks:
        what = f"sending {look.channel} for {look.brand.key}"
        carried_out(partial(send_due, app, hints, look), what)


def carried_out(job: Callable[[], object], what: str) -> None:
    """Run a job at the edge of a worker: what went wrong is logged, and looked at again later."""
    try:
        job()
    except OutreachError as error:
        log.warning("%s broke off, it will be looked at again: %s", what, error.sentence)
    except Exception:
        log.exception("%s broke off, it will be looked at again", what)


def _take_in(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return inbox.take_in(tx, app.means, brand, now=app.means.clock())


def _enrol(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return enrol(tx, app.means.book, brand, now=app.means.clock())


def _plan(app: Outreach, brand: BrandRef) -> int:
    with app.means.database.begin(brand) as tx:
        return plan_next(tx, app.means.book, brand, now=app.means.clock())


def _show(app: Outreach, brand: BrandRef) -> int:
    send = showing.through(app.guard)
    return showing.show(app.means, brand, sealing=app.sealing, send=send)


def _in_turn(batch: Callable[[], int]) -> bool:
    """Work off batches; answers whether there is still more when the turn ends."""
    return all(batch() for _ in range(TURN))
