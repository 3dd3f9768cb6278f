"""How is a replay carried out: what is taken along, what is changed in it, and how it passes?"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text

from optout.model import Channel
from outreach.app import Outreach
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Book, Version
from outreach.campaigns.triggers import EventTrigger
from outreach.db.engine import BrandRef, Database
from outreach.dispatch.means import Means, nobodys
from outreach.errors import NotFound
from outreach.records import rebuild
from outreach.replay import beginning, moments, taking
from outreach.replay.ground import Ground
from outreach.replay.moments import Days
from outreach.replay.nowhere import Nowhere
from outreach.replay.passing import Hand, Passage
from outreach.templates import store as templates
from outreach.templates.store import Shelf

_LATER = text(f"select exists (select from {taking.KEPT}.events where received_at >= :at)")
_FORGET_ACTIVATIONS = text(f"""
    delete from {taking.KEPT}.moments where place = :place and id in (
        select id::text from {taking.KEPT}.campaigns where key = :key)
""")
_STATE = text("select state::text from outreach.campaigns where id = :id")
_ID = text("select id from outreach.campaigns where key = :key and version = :version")
# One that was live before is live again, with the templates that it had; first the others are not.
_NO_OTHER = text("""
    update outreach.campaigns set state = 'finishing', plan_at = :now
    where key = :key and id <> :id and state in ('live', 'paused')
""")
_ALONE = text("update outreach.campaigns set state = 'live', plan_at = :now where id = :id")
_WAS_LIVE = frozenset({"live", "paused", "finishing", "ended"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign's text to be tried out, with texts of its own beside it, by their names.

    With a `version` it is that one of the installation, with the templates that it had.
    """

    key: str
    source: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """An installation's brand on the ground of a replay."""

    app: Outreach
    brand: BrandRef
    filler: Engine
    means: Means
    clock: Hand

    def versions(self) -> list[Version]:
        """All versions as they were taken along."""
        with self.app.means.database.reading(self.brand) as tx:
            return self.app.means.book.every(tx)


@contextmanager
def stand(app: Outreach, brand: BrandRef, ground: Ground) -> Iterator[Stand]:
    """Take the brand's rows along; from here on the installation is not asked again for facts."""
    filler = create_engine(ground.superuser_url, pool_size=2)
    clock = Hand(app.means.clock())
    ways = {channel: Nowhere(filler) for channel in Channel}
    database = Database(ground.app_url, vault=app.means.database.vault)
    means = replace(
        app.means, database=database, clock=clock, book=Book(), shelf=Shelf(), ways=ways,
        promotion=timedelta(), own=nobodys,
    )  # fmt: skip
    try:
        with filler.begin() as tx:
            taking.make_room(tx)
            taking.take(app.means.database, brand, tx)
        yield Stand(app, brand, filler, means, clock)
    finally:
        database.close()
        filler.dispose()


def live_through(
    on: Stand,
    days: Days,
    *,
    draft: Draft | None = None,
    every: timedelta = timedelta(),
    tell: Callable[[datetime], None] = lambda _: None,
) -> int:
    """Let these days pass, from how things stood when they began; answers at how many instants.

    A draft takes the place of the campaign of its key from the first instant on. Raises `Invalid`
    where it could not go live.
    """
    on.clock.at = days.since
    with on.filler.begin() as tx:
        at_once = [v.id for v in on.versions() if _begins_at_once(v)]
        moments.lay_out(tx, days, brand=on.brand.id, at_once=at_once)
        again = bool(tx.execute(_LATER, {"at": days.since}).scalar_one())
        beginning.set_out(tx, at=days.since, told_again=again)
    if again:
        _tell_again(on, now=days.since)
    if draft is not None:
        _put_in_place(on, draft, now=days.since)
    passage = Passage(on.means, on.brand, on.filler, on.clock, days, every, tell)
    return passage.live()


def _begins_at_once(version: Version) -> bool:
    trigger = version.campaign.trigger
    return isinstance(trigger, EventTrigger) and trigger.quiet_for is None


def _tell_again(on: Stand, *, now: datetime) -> None:
    """What events before these days said of orders, parcels, contracts and cases."""
    with on.means.database.begin(on.brand) as tx:
        rebuild.begin(tx, on.brand, now=now)
    more = True
    while more:
        with on.means.database.begin(on.brand) as tx:
            more = rebuild.step(tx, on.brand, now=now) is not None
    with on.means.database.begin(on.brand) as tx:
        rebuild.end(tx)


def _put_in_place(on: Stand, draft: Draft, *, now: datetime) -> None:
    """Let it take people in from now on, alone of its campaign."""
    with on.filler.begin() as tx:
        tx.execute(_FORGET_ACTIVATIONS, {"key": draft.key, "place": moments.KINDS.index("version")})
    with on.means.database.begin(on.brand) as tx:
        for name, source in draft.templates.items():
            templates.put(tx, on.brand, source, name=name)
        id_ = _version(tx, on, draft)
        if tx.execute(_STATE, {"id": id_}).scalar_one() in _WAS_LIVE:
            tx.execute(_NO_OTHER, {"id": id_, "key": draft.key, "now": now})
            tx.execute(_ALONE, {"id": id_, "now": now})
        else:
            campaigns.activate(tx, on.means.book, draft.key, now=now)


def _version(tx: Connection, on: Stand, draft: Draft) -> UUID:
    """Raises `NotFound` where the version that is asked for is not there."""
    if draft.version is None:
        return campaigns.put(tx, on.brand, draft.source, name=draft.key)
    known = {"key": draft.key, "version": draft.version}
    found: UUID | None = tx.execute(_ID, known).scalar_one_or_none()
    if found is None:
        raise NotFound(f"campaign {draft.key!r} has no version {draft.version}")
    return found
