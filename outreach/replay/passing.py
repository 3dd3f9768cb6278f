"""How do the days pass again? On a clock that steps to whatever comes next, in one process.

At each instant what came in takes effect, then everything that is due, pending or over is brought
to its end as workers would, until nothing is left to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from optout.model import Channel
from outreach.db.engine import BrandRef
from outreach.dispatch import due
from outreach.dispatch.means import Means
from outreach.dispatch.send import dispatch
from outreach.enrolments.enrol import enrol
from outreach.enrolments.planner import plan_next
from outreach.errors import Trouble
from outreach.inbound import requests
from outreach.replay import moments
from outreach.replay.deeds import Doer
from outreach.replay.moments import Days

# Nothing that waits for a person's word, a place or the end of a pause is ever "next". What is due
# is looked up along its index, which begins with brand and channel.
_NEXT = text("""
    select min(at) from (
        select (
            select t.due_at from outreach.touches t
            where t.brand_id = :brand and t.channel = ch.channel and t.state = 'planned'
              and t.due_at > :now
            order by t.due_at limit 1) as at
        from unnest(cast(:channels as text[])) as ch(channel)
        union all
        select min(plan_at) from outreach.campaigns where state = 'live' and plan_at > :now
        union all
        select min(opens_at) from outreach.plannings where done_at is null and opens_at > :now
        union all
        select min(due_at) from outreach.waits where ended_at is null and due_at > :now) coming
""")
_ROUNDS = 10_000  # at one instant; more would be work that never ends
_CHANNELS = [channel.value for channel in Channel]
# Tables that are empty when the days begin, and which nobody has counted since: statements would go
# on to be planned for a handful of rows, and read each of these tables whole.
_COUNT = text("""
    analyze outreach.touches, outreach.attempts, outreach.enrolments, outreach.verdicts,
        outreach.waits, outreach.contacts
""")
_FEW = 500


class Hand:
    """The clock of a replay: it stands until it is stepped."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Grown:
    """How much was done, and when PostgreSQL counts its rows again: each time that has doubled."""

    filler: Engine
    done: int = 0
    again_at: int = _FEW

    def by(self, many: int) -> None:
        """So many more passages, or contacts."""
        self.done += many
        if self.done >= self.again_at:
            self.again_at = 2 * self.done
            with self.filler.begin() as ground:
                ground.execute(_COUNT)


@dataclass(frozen=True, slots=True)
class Passage:
    """The days, in whose hands they pass, and how often somebody looks.

    With `every`, what comes in or falls due between two looks is dealt with at the later one, as by
    a ticker that looks that seldom; without it each instant is met exactly.
    """

    means: Means
    brand: BrandRef
    filler: Engine
    clock: Hand
    days: Days
    every: timedelta = timedelta()
    tell: Callable[[datetime], None] = lambda _: None

    def live(self) -> int:
        """Live through the days; answers at how many instants something was done."""
        doer, grown = Doer(self.means, self.brand, self.filler), Grown(self.filler)
        after, looks = self.days.since - timedelta(microseconds=1), 0
        now: datetime | None = self.days.since
        while now is not None and now < self.days.until:
            self.clock.at = now
            self.tell(now)
            with self.filler.begin() as ground:
                came = moments.between(ground, after=after, now=now)
            doer.tell(came, now=now)
            self._settle(now, grown)
            after, looks = now, looks + 1
            now = self._next(now)
        return looks

    def _next(self, now: datetime) -> datetime | None:
        with self.filler.begin() as ground:
            coming = [
                moments.next_at(ground, now=now),
                ground.execute(_NEXT, self._asked(now)).scalar_one_or_none(),
            ]
        first = min((at for at in coming if at is not None), default=None)
        return None if first is None else _on_the_grid(first, self.every)

    def _asked(self, now: datetime) -> dict[str, object]:
        return {"now": now, "brand": self.brand.id, "channels": _CHANNELS}

    def _settle(self, now: datetime, grown: Grown) -> None:
        """Bring to its end what can be done at this instant.

        Nothing is sent while there is something to take in: whose order was refunded at this
        instant is not written to because a batch of events was full.
        """
        for _ in range(_ROUNDS):
            with self.means.database.watch() as tx:
                wanted = due.wanted(tx, now=now)
            done = self._plan(now) if wanted.pending else 0
            done = done or sum(dispatch(self.means, look) for look in wanted.looks)
            if not done:
                return
            grown.by(done)
        raise Trouble(f"the work of {now.isoformat()} does not come to an end")

    def _plan(self, now: datetime) -> int:
        means, brand = self.means, self.brand
        requests.carry_out(means, brand)
        done = 0
        with means.database.begin(brand) as tx:
            done += enrol(tx, means.book, brand, now=now)
        with means.database.begin(brand) as tx:
            done += plan_next(tx, means.book, brand, now=now)
        return done


def _on_the_grid(at: datetime, every: timedelta) -> datetime:
    if not every:
        return at
    start = datetime(2000, 1, 1, tzinfo=UTC)
    steps = -((start - at) // every)
    return start + steps * every
