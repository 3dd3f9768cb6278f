"""How does each campaign stand: what goes out next, what went wrong last, how far is each step?

Every question reads a bounded number of rows, so that a page costs the same at a thousand touches
and at ten million: what is next and what went wrong come from the newest few, and a count ends at
`MOST_COUNTED` and says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from optout.model import Channel
from outreach.campaigns.store import Version

PAGE = 50
MOST_COUNTED = 4_000
_LOOKED_AT = 500  # of each channel and each reason
_CHANNELS = [channel.value for channel in Channel]
# Those of the table of reasons that are somebody's fault and not somebody's wish.
_PROBLEMS = ["rejected", "malformed", "template_error", "needs_template", "not_sent", "unconfirmed"]

_NEWEST = text("""
    select distinct on (c.key) c.key, c.version, c.state::text as state,
           (select l.version from outreach.campaigns l
            where l.key = c.key and l.state in ('live', 'paused')
            order by l.version desc limit 1) as running
    from outreach.campaigns c where c.key > :after order by c.key, c.version desc limit :limit
""")
_EXISTS = text("select exists (select from outreach.campaigns where key = :key)")
_NEXT = text("""
    select c.key, min(soon.due_at) as at
    from unnest(cast(:channels as text[])) as ch(channel)
    cross join lateral (
        select t.campaign_id, t.due_at from outreach.touches t
        where t.channel = ch.channel and t.state = 'planned' order by t.due_at limit :most) soon
    join outreach.campaigns c on c.id = soon.campaign_id
    where c.key = any(:keys) group by c.key
""")
_LAST_PROBLEM = text("""
    select distinct on (c.key) c.key, bad.reason, bad.settled_at as at
    from unnest(cast(:reasons as text[])) as r(reason)
    cross join lateral (
        select t.campaign_id, t.reason, t.settled_at from outreach.touches t
        where t.reason = r.reason and t.settled_at is not null
        order by t.settled_at desc, t.id desc limit :most) bad
    join outreach.campaigns c on c.id = bad.campaign_id
    where c.key = any(:keys) order by c.key, bad.settled_at desc
""")
_STEPS = text("""
    select few.campaign_id, few.step, few.state, count(*) as many from (
        select t.campaign_id, t.step, t.state::text as state from outreach.touches t
        where t.campaign_id = any(:ids) limit :most) few
    group by 1, 2, 3
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """One campaign by its newest version; `running` is the version that takes people in.

    `next_at` is none where nothing of it is among what is due first on any channel.
    """

    key: str
    version: int
    state: str
    running: int | None
    next_at: datetime | None
    problem: str | None
    problem_at: datetime | None


@dataclass(frozen=True, slots=True)
class Steps:
    """Touches by key of their step and state; `whole` says that all were counted."""

    many: Mapping[tuple[str, str], int]
    whole: bool


def standing(tx: Connection, *, after: str = "") -> tuple[Standing, ...]:
    """The next campaigns behind this key, at most `PAGE`; three statements, however many."""
    newest = tx.execute(_NEWEST, {"after": after, "limit": PAGE}).all()
    keys = [row.key for row in newest]
    bound = {"keys": keys, "most": _LOOKED_AT}
    coming = {row.key: row.at for row in tx.execute(_NEXT, {**bound, "channels": _CHANNELS})}
    wrong = {row.key: row for row in tx.execute(_LAST_PROBLEM, {**bound, "reasons": _PROBLEMS})}
    return tuple(
        Standing(
            row.key, row.version, row.state, row.running,
            coming.get(row.key),
            wrong[row.key].reason if row.key in wrong else None,
            wrong[row.key].at if row.key in wrong else None,
        )
        for row in newest
    )  # fmt: skip


def steps(tx: Connection, versions: Iterable[Version]) -> Steps:
    """How far the contacts of these versions have come; one statement.

    A touch names its step by its place in its own version; the step's key holds through all.
    """
    contacts = {version.id: version.campaign.contacts for version in versions}
    rows = tx.execute(_STEPS, {"ids": list(contacts), "most": MOST_COUNTED}).all()
    many: Counter[tuple[str, str]] = Counter()
    for row in rows:
        many[contacts[row.campaign_id][row.step].key, str(row.state)] += int(row.many)
    return Steps(many, many.total() < MOST_COUNTED)


def exists(tx: Connection, key: str) -> bool:
    """Whether there is a campaign of this key, in whatever state."""
    return bool(tx.execute(_EXISTS, {"key": key}).scalar_one())


def at_step(told: Steps, step: str, states: Sequence[str]) -> int:
    """How many touches of this step are in any of these states."""
    return sum(told.many.get((step, state), 0) for state in states)
