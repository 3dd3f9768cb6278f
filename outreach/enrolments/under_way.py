"""What becomes of the people under way when their campaign changes, pauses, goes on or ends?

Each deed takes the campaign's versions for itself first: marks and planning that have begun are
waited for, and those that come later see what was decided. Only what a provider already has cannot
be called back; it is counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.campaigns import approvals, lifecycle
from outreach.campaigns import store as campaigns
from outreach.campaigns.store import Book, Version
from outreach.db.engine import BrandRef
from outreach.enrolments import moving, waiting
from outreach.enrolments.glance import AWAITING
from outreach.enrolments.moving import Moved

ENDED = "campaign_ended"

_COUNT = text("""
    select count(*) filter (where state in ('planned', 'claimed')) as waiting,
           count(*) filter (where state = 'calling') as in_air
    from outreach.touches where campaign_id = any(:ids)
""")
_LET_GO_ON = text("""
    with held as (
        select id from outreach.touches
        where campaign_id = any(:ids) and state = 'planned' and reason = :reason
        order by id for update
    )
    update outreach.touches t set due_at = t.planned_for, reason = null
    from held where t.id = held.id and t.state = 'planned'
""")
# In order of their ids, as marks lock theirs, here and below.
_DROP = text("""
    with late as (
        select id from outreach.touches
        where campaign_id = any(:ids) and state = 'planned' and useless_after <= :now
        order by id for update
    )
    update outreach.touches t
    set state = 'skipped', reason = 'too_late', settled_at = :now
    from late where t.id = late.id and t.state = 'planned'
""")
_END = text("""
    update outreach.enrolments set state = 'ended', reason = :reason
    where campaign_id = any(:ids) and state = 'active'
""")
# The raised fence takes what is claimed out of its worker's hands.
_CANCEL = text("""
    with locked as (
        select id from outreach.touches
        where campaign_id = any(:ids) and state in ('planned', 'claimed') order by id for update
    )
    update outreach.touches t
    set state = 'cancelled', reason = :reason, fence = t.fence + 1, settled_at = :now,
        lease_until = null
    from locked where t.id = locked.id and t.state in ('planned', 'claimed')
""")


@dataclass(frozen=True, slots=True)
class Activated:
    """A version that takes people in, what waits in all versions, and who was moved to it."""

    version: Version
    waiting: int
    dropped: int
    moved: Moved


@dataclass(frozen=True, slots=True)
class Paused:
    """A version that is held, how many touches wait, and how many a provider already has."""

    version: Version
    waiting: int
    in_air: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """A version that goes on, how many touches wait, and how many had become useless meanwhile."""

    version: Version
    waiting: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Released:
    """How far a careful start has come, how many touches go on, and how many came too late."""

    version: Version
    released: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How many passages ended, and what became of their touches."""

    version: Version
    passages: int
    cancelled: int
    in_air: int


def activate(
    tx: Connection,
    book: Book,
    brand: BrandRef,
    key: str,
    *,
    now: datetime,
    move: bool = False,
    by: str | None = None,
) -> Activated:
    """Let the newest version take people in; who is under way finishes the old one, or is moved.

    A campaign that was paused goes on by this, and what is past its last useful moment is dropped.
    `by` is the user who lets it, if it is one: of them, unlike of a key or a command, another
    person's word for this version is asked where the brand wants that. Raises `NotFound`,
    `Conflict`, or `Invalid` with every objection at its place.
    """
    campaigns.lock(tx, key)
    before = book.latest(tx, key)
    version = campaigns.activate(tx, book, key, now=now)
    approvals.refuse_alone(tx, before, version, by=by)
    moved = moving.move(tx, book, brand, version, now=now) if move else Moved()
    every = _ids(book.of(tx, key))
    dropped = tx.execute(_DROP, {"ids": every, "now": now}).rowcount
    waiting, _ = _count(tx, every)
    return Activated(version, waiting, dropped, moved)


def pause(tx: Connection, book: Book, key: str) -> Paused:
    """Hold everything of this campaign, in all its versions. Raises `NotFound`, `Conflict`."""
    version = campaigns.pause(tx, book, key)
    return Paused(version, *_count(tx, _ids(book.of(tx, key))))


def resume(tx: Connection, book: Book, key: str, *, now: datetime) -> Resumed:
    """Let a paused campaign go on, and drop at once what is past its last useful moment.

    Raises `NotFound`, `Conflict`.
    """
    version = campaigns.resume(tx, book, key)
    every = _ids(book.of(tx, key))
    dropped = tx.execute(_DROP, {"ids": every, "now": now}).rowcount
    waiting, _ = _count(tx, every)
    return Resumed(version, waiting, dropped)


def release(tx: Connection, book: Book, key: str, *, now: datetime) -> Released:
    """Let a careful start go one step on, with everything that waited for a glance.

    Raises `NotFound`, or `Conflict` when nothing is kept back.
    """
    before = {version.id: version.stage for version in book.of(tx, key)}
    version = campaigns.release(tx, book, key)
    every = list(before)
    dropped = tx.execute(_DROP, {"ids": every, "now": now}).rowcount
    released = tx.execute(_LET_GO_ON, {"ids": every, "reason": AWAITING}).rowcount
    if not released and version.stage == before[version.id]:
        raise lifecycle.nothing(key, version.state, "release")
    return Released(version, released, dropped)


def end(tx: Connection, book: Book, key: str, *, now: datetime) -> Ended:
    """End this campaign with all its passages, and cancel what is planned in them.

    Raises `NotFound`, `Conflict`.
    """
    versions = campaigns.end(tx, book, key)
    values = {"ids": _ids(versions), "reason": ENDED, "now": now}
    passages = tx.execute(_END, values).rowcount
    cancelled = tx.execute(_CANCEL, values).rowcount
    waiting.close_of(tx, _ids(versions), now=now)
    _, in_air = _count(tx, _ids(versions))
    return Ended(max(versions, key=lambda v: v.version), passages, cancelled, in_air)


def _count(tx: Connection, ids: list[UUID]) -> tuple[int, int]:
    row = tx.execute(_COUNT, {"ids": ids}).one()
    return row.waiting, row.in_air


def _ids(versions: Iterable[Version]) -> list[UUID]:
    return [version.id for version in versions]
