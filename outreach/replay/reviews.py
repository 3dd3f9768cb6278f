"""Which reviews were asked for, who makes them, and what came of each?

A row is the whole truth of one: it is asked for by a button, taken by whoever makes reviews under a
lease that is renewed while days pass, and keeps its page in both languages. Each taking counts as
a try, and only the newest try may write.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from outreach.bilingual import Language
from outreach.campaigns.store import Version
from outreach.db.engine import BrandRef
from outreach.replay.moments import Days

LEASE = timedelta(minutes=5)
TRIES = 3
_SHOWN = 10
BROKE_OFF = "it broke off each time: see what the ticker has logged"

# One that is open keeps others of its campaign from being asked for (`reviews_open`).
_ASK = text("""
    insert into outreach.reviews (brand_id, campaign_id, covers, asked_at, asked_by, since, until)
    values (:brand, :campaign, :covers, :now, :by, :since, :until)
    on conflict (brand_id, campaign_id) where state in ('asked', 'running') do nothing
""")
_WANTED = text("""
    select b.id, b.key from outreach.brands b
    where exists (select from outreach.reviews r where r.brand_id = b.id
        and (r.state = 'asked' or (r.state = 'running' and r.lease_until < now())))
    order by b.id
""")
_GIVE_UP = text("""
    update outreach.reviews set state = 'failed', problem = :problem, done_at = now()
    where state = 'running' and lease_until < now() and tries >= :tries
""")
_TAKE = text("""
    update outreach.reviews r
    set state = 'running', tries = r.tries + 1, lease_until = now() + :lease
    from outreach.campaigns c
    where r.id = (
        select id from outreach.reviews
        where state = 'asked' or (state = 'running' and lease_until < now())
        order by id limit 1 for update skip locked)
      and c.brand_id = r.brand_id and c.id = r.campaign_id
    returning r.id, r.tries, c.key, c.version, r.since, r.until
""")
_RENEW = text("""
    update outreach.reviews set lease_until = now() + :lease
    where id = :id and tries = :tries and state = 'running'
""")
_END = text("""
    update outreach.reviews
    set state = :state, pages = cast(:pages as jsonb), problem = :problem, done_at = now()
    where id = :id and tries = :tries and state = 'running'
""")
_NEWEST = text("""
    select r.id, c.version, r.state, r.covers, r.asked_at, r.asked_by, r.since, r.until,
           r.done_at, r.problem
    from outreach.reviews r
    join outreach.campaigns c on c.brand_id = r.brand_id and c.id = r.campaign_id
    where c.key = :key order by r.id desc limit :limit
""")
_PAGE = text("""
    select r.pages ->> :language from outreach.reviews r
    join outreach.campaigns c on c.brand_id = r.brand_id and c.id = r.campaign_id
    where c.key = :key and r.id = :id and r.state = 'done'
""")
_COVERING = text("""
    select pages ->> :language from outreach.reviews
    where campaign_id = :campaign and covers = :covers and state = 'done' order by id desc limit 1
""")


@dataclass(frozen=True, slots=True)
class Taken:
    """A review to be made: of this version, over these days."""

    id: int
    tries: int
    key: str
    version: int
    days: Days


@dataclass(frozen=True, slots=True)
class Kept:
    """A review that was asked for. `state` is asked, running, done or failed (with `problem`).

    `covers` is what `approvals.covers` told of the version when it was asked for.
    """

    id: int
    version: int
    state: str
    covers: str
    asked_at: datetime
    asked_by: str
    since: datetime
    until: datetime
    done_at: datetime | None
    problem: str | None

    @property
    def open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in {"asked", "running"}


def ask(  # a row has these columns
    tx: Connection, brand: BrandRef, version: Version, *, by: str, covers: str, days: Days,
    now: datetime,
) -> bool:  # fmt: skip
    """Want a review of this version; false where one is still to be made."""
    values = {
        "brand": brand.id, "campaign": version.id, "covers": covers, "now": now, "by": by,
        "since": days.since, "until": days.until,
    }  # fmt: skip
    return bool(tx.execute(_ASK, values).rowcount)


def wanted(tx: Connection) -> Sequence[BrandRef]:
    """The brands for which a review is to be made, in a watching transaction."""
    return [BrandRef(*row) for row in tx.execute(_WANTED)]


def take(tx: Connection) -> Taken | None:
    """The next review to be made, under a lease; one that always breaks off has failed."""
    tx.execute(_GIVE_UP, {"problem": BROKE_OFF, "tries": TRIES})
    row = tx.execute(_TAKE, {"lease": LEASE}).one_or_none()
    if row is None:
        return None
    return Taken(row.id, row.tries, row.key, row.version, Days(row.since, row.until))


def renew(tx: Connection, taken: Taken) -> None:
    """It is still being made."""
    tx.execute(_RENEW, {"lease": LEASE, "id": taken.id, "tries": taken.tries})


def keep(tx: Connection, taken: Taken, pages: Mapping[Language, str]) -> None:
    """It is made; nothing where another has taken it meanwhile."""
    _end(tx, taken, state="done", pages=json.dumps(pages), problem=None)


def fail(tx: Connection, taken: Taken, problem: str) -> None:
    """It cannot be made, for a reason that whoever asked can read."""
    _end(tx, taken, state="failed", pages="{}", problem=problem)


def newest(tx: Connection, key: str) -> list[Kept]:
    """The last few reviews of a campaign, the newest first."""
    return [Kept(*row) for row in tx.execute(_NEWEST, {"key": key, "limit": _SHOWN})]


def page(tx: Connection, key: str, number: int, language: Language) -> str | None:
    """The page of one review of this campaign, once it is made."""
    values = {"key": key, "id": number, "language": language}
    found: str | None = tx.execute(_PAGE, values).scalar_one_or_none()
    return found


def covering(tx: Connection, campaign: UUID, covers: str, language: Language) -> str | None:
    """The newest page about exactly what would go live, if one was made."""
    values = {"campaign": campaign, "covers": covers, "language": language}
    found: str | None = tx.execute(_COVERING, values).scalar_one_or_none()
    return found


def _end(tx: Connection, taken: Taken, **values: object) -> None:
    tx.execute(_END, {"id": taken.id, "tries": taken.tries, **values})
