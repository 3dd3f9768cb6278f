"""What did people do after a campaign took them in, or left them alone on purpose?

Each person counts once, from the first passage that began or was kept back as holdout, and only
once the time in which the outcome counts is over: whoever was taken in yesterday has not had the
time to do it. Whoever was forgotten since is left out: nobody knows any more what they did. Persons
come one by one, however many they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, TextClause, text

from optout.model import Action
from outreach.brands.pace import ASKING
from outreach.campaigns.store import Version
from outreach.enrolments.plan import BRAND_HOLDOUT, HOLDOUT, PILOT
from outreach.experiments.lift import Count
from outreach.people.known_by import KNOWN_BY

REFUSED, COMPLAINED = "withdrawn", "complained"
"""Outcomes that are no events: a refusal of anything, and a mailbox provider's "this is spam"."""

_BY_EVENT = """exists (
    select from outreach.events o
    where o.person_id = f.person_id and o.type = :outcome
      and o.occurred_at > f.began_at and o.occurred_at <= f.began_at + :within)"""
_BY_REFUSAL = f"""exists (
    select from {KNOWN_BY} a join optout.entries o on o.hash = a.hash
    where a.person_id = f.person_id and o.action = '{Action.WITHDRAW}'
      and o.effective_at > f.began_at and o.effective_at <= f.began_at + :within)"""
_BY_COMPLAINT = """exists (
    select from outreach.touches t join outreach.receipts o on o.touch_id = t.id
    where t.enrolment_id = f.id and o.kind = 'complained' and o.at <= f.began_at + :within)"""
# Of any message: whom no campaign asks may complain of the service that they get.
_BY_ANY_COMPLAINT = """exists (
    select from outreach.enrolments n
    join outreach.touches t on t.brand_id = n.brand_id and t.enrolment_id = n.id
    join outreach.receipts o on o.brand_id = t.brand_id and o.touch_id = t.id
    where n.person_id = f.person_id and o.kind = 'complained'
      and o.at > f.began_at and o.at <= f.began_at + :within)"""
_FIRST = f"""
    select distinct on (n.person_id) n.id, n.person_id, n.created_at as began_at,
           n.state = 'declined' as left_alone
    from outreach.enrolments n
    join outreach.campaigns c on c.id = n.campaign_id
    where c.key = :key and (n.state <> 'declined' or n.reason = '{HOLDOUT}')
    order by n.person_id, n.created_at, n.id
"""
# Of the campaigns that ask something; who is in the holdout of one of them is in the others.
_FIRST_OF_BRAND = f"""
    select distinct on (n.person_id) n.id, n.person_id, n.created_at as began_at,
           n.reason is not distinct from '{BRAND_HOLDOUT}' and n.state = 'declined' as left_alone
    from outreach.enrolments n
    where n.campaign_id = any(:campaigns)
      and (n.state <> 'declined' or n.reason in ('{HOLDOUT}', '{BRAND_HOLDOUT}'))
    order by n.person_id, n.created_at, n.id
"""
# A pilot is held against those whom its coin left out, beside its holdout: both coins are blind.
_FIRST_OF_PILOT = f"""
    select distinct on (n.person_id) n.id, n.person_id, n.created_at as began_at,
           n.state = 'declined' as left_alone
    from outreach.enrolments n
    join outreach.campaigns c on c.id = n.campaign_id
    where c.key = :key and n.created_at >= :since
      and (cast(:until as timestamptz) is null or n.created_at < :until)
      and (n.state <> 'declined' or n.reason in ('{HOLDOUT}', '{PILOT}'))
    order by n.person_id, n.created_at, n.id
"""


def _asked(did: str, first: str = _FIRST) -> TextClause:
    return text(f"""
        with first_passages as ({first})
        select p.ref, f.left_alone, f.began_at + :within as over_at, {did} as did
        from first_passages f join outreach.persons p on p.id = f.person_id
        where f.began_at + :within <= :now and f.began_at >= :since
          and p.ref <> 'erased ' || p.id
        order by over_at, p.ref
    """)


_STATEMENTS = {REFUSED: _asked(_BY_REFUSAL), COMPLAINED: _asked(_BY_COMPLAINT)}
_OF_EVENT = _asked(_BY_EVENT)
_OF_BRAND = {
    REFUSED: _asked(_BY_REFUSAL, _FIRST_OF_BRAND),
    COMPLAINED: _asked(_BY_ANY_COMPLAINT, _FIRST_OF_BRAND),
}


def _daily(did: str) -> TextClause:
    return text(f"""
        with observed as ({_asked(did, _FIRST_OF_PILOT).text})
        select left_alone, cast(over_at at time zone 'UTC' as date) as known_on,
               count(*) as people, count(*) filter (where did) as did
        from observed group by 1, 2 order by 2, 1
    """)


_DAILY = {REFUSED: _daily(_BY_REFUSAL), COMPLAINED: _daily(_BY_COMPLAINT)}
_DAILY_EVENT = _daily(_BY_EVENT)
_OF_BRANDS_EVENT = _asked(_BY_EVENT, _FIRST_OF_BRAND)


@dataclass(frozen=True, slots=True)
class Observed:
    """One person: whether left alone, whether they did it, and the day on which that was known."""

    ref: str
    left_alone: bool
    known_on: date
    did: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From the one instant on and before the other; without that, up to now."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """Of how many the outcome became known on this day (UTC), in one arm of a pilot."""

    left_alone: bool
    known_on: date
    count: Count


def of_pilot(
    tx: Connection, key: str, outcome: str, *, within: timedelta, span: Span, now: datetime
) -> list[Day]:
    """Everybody of this pilot in this span whose time is over, counted by day; one statement."""
    statement = _DAILY.get(outcome, _DAILY_EVENT)
    asked: dict[str, object] = {
        "key": key, "within": within, "since": span.since, "until": span.until, "now": now,
    }  # fmt: skip
    if outcome not in _DAILY:
        asked |= {"outcome": outcome}
    rows = tx.execute(statement, asked)
    return [Day(row.left_alone, row.known_on, Count(row.people, row.did)) for row in rows]


def observed(
    tx: Connection,
    key: str,
    outcome: str,
    *,
    within: timedelta,
    since: datetime,
    now: datetime,
) -> Iterator[Observed]:
    """Everybody of this campaign since then whose time is over, in the order in which it was.

    `outcome` is a type of event, `withdrawn` or `complained`.
    """
    statement = _STATEMENTS.get(outcome, _OF_EVENT)
    asked = {"key": key, "within": within, "since": since, "now": now}
    return _read(tx, statement, asked, outcome)


def observed_of_brand(
    tx: Connection,
    versions: Iterable[Version],
    outcome: str,
    *,
    within: timedelta,
    since: datetime,
    now: datetime,
) -> Iterator[Observed]:
    """The same of all campaigns that ask something: left alone is whom none of them asks.

    `versions` are those of the brand. Whoever was taken in before the holdout began counts as taken
    in: `since` leaves them out. A complaint counts whichever message it is about.
    """
    asking = [version.id for version in versions if version.campaign.purpose in ASKING]
    asked = {"campaigns": asking, "within": within, "since": since, "now": now}
    return _read(tx, _OF_BRAND.get(outcome, _OF_BRANDS_EVENT), asked, outcome)


def _read(
    tx: Connection, statement: TextClause, asked: dict[str, object], outcome: str
) -> Iterator[Observed]:
    if outcome not in _STATEMENTS:
        asked = asked | {"outcome": outcome}
    for row in tx.execution_options(yield_per=1000).execute(statement, asked):
        yield Observed(row.ref, row.left_alone, row.over_at.date(), row.did)
