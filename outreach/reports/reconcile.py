"""Does the account close? Candidates against what became of each of them.

Candidates are counted where passages are stored (touches planned, passages declined), their fate
where touches are stored. The two are written by different statements at different times, so that
their agreement says something.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, text

from outreach import ids
from outreach.reports import sums, waiting
from outreach.reports.sums import Drift

_CANDIDATES = text("""
    select c.key, sum(n.planned) + count(*) filter (where n.state = 'declined') as candidates
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    where cast(:key as text) is null or c.key = :key group by c.key order by c.key
""")
_FATES = text("""
    select c.key, t.state::text, t.reason, count(*) as many
    from outreach.touches t
    join outreach.campaigns c on c.brand_id = t.brand_id and c.id = t.campaign_id
    where cast(:key as text) is null or c.key = :key group by 1, 2, 3
    union all
    select c.key, 'skipped', n.reason, count(*)
    from outreach.enrolments n
    join outreach.campaigns c on c.brand_id = n.brand_id and c.id = n.campaign_id
    where n.state = 'declined' and (cast(:key as text) is null or c.key = :key) group by 1, 2, 3
    order by 1, 2, 3
""")
# A touch that was sent has an attempt that a provider accepted, and the other way round; of what
# ended before the day since when all is kept, the attempt may be gone.
_UNPROVEN = text("""
    select t.id from outreach.touches t join outreach.brands b on b.id = t.brand_id
    where t.state in ('sent', 'delivered')
      and (t.settled_at < b.kept_since) is not true and not exists (
        select from outreach.attempts a
        where a.brand_id = t.brand_id and a.touch_id = t.id and a.outcome = 'accepted')
    union
    select a.touch_id from outreach.attempts a
    join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
    where a.outcome = 'accepted' and t.state not in ('sent', 'delivered', 'failed')
    limit 1000
""")
_AT_A_WAIT = text("""
    select c.key, count(distinct w.enrolment_id) as many
    from outreach.waits w
    join outreach.campaigns c on c.brand_id = w.brand_id and c.id = w.campaign_id
    where w.ended_at is null and (cast(:key as text) is null or c.key = :key) group by c.key
""")
_WAITING_EVENTS = text("""
    select count(*) from outreach.events where state = 'unknown_person'
""")

Counts = dict[str, int]


@dataclass(slots=True)
class Open:
    """What is not over: held with a reason, or waiting for its time."""

    held: Counts = field(default_factory=dict)
    waiting: int = 0


@dataclass(slots=True)
class Account:
    """What became of one campaign's candidates."""

    candidates: int = 0
    sent: int = 0
    skipped: Counts = field(default_factory=dict)
    failed: Counts = field(default_factory=dict)
    cancelled: Counts = field(default_factory=dict)
    uncertain: int = 0
    open: Open = field(default_factory=Open)
    passages_at_a_wait: int = 0  # no candidates yet: what comes next is planned when it is over

    @property
    def closes(self) -> bool:
        """Whether the candidates are the sum of their fates."""
        ended = sum(sum(c.values()) for c in (self.skipped, self.failed, self.cancelled))
        still = sum(self.open.held.values()) + self.open.waiting
        return self.candidates == self.sent + ended + self.uncertain + still

    def document(self) -> dict[str, object]:
        """The account as JSON shows it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Accounts by campaign, touches that their attempts do not bear out, events without person.

    Of the events some name a person whom nobody has brought in, some (`events_waiting`) a trade.
    `drifted` are the first sums of those that are kept which this full count does not bear out.
    """

    accounts: Mapping[str, Account]
    unproven: tuple[str, ...]
    events_without_person: int
    events_waiting: int
    drifted: tuple[Drift, ...] = ()

    @property
    def closes(self) -> bool:
        """Whether everything is accounted for."""
        borne_out = not self.unproven and not self.drifted
        return borne_out and all(account.closes for account in self.accounts.values())


def reconcile(tx: Connection, campaign: str | None = None) -> Ledger:
    """The account of one campaign, or of all of the brand's; all versions together."""
    wanted = {"key": campaign}
    accounts = {
        row.key: Account(candidates=int(row.candidates)) for row in tx.execute(_CANDIDATES, wanted)
    }
    for key, state, reason, many in tx.execute(_FATES, wanted):
        _enter(accounts.setdefault(key, Account()), state, reason, many)
    for row in tx.execute(_AT_A_WAIT, wanted):
        accounts.setdefault(row.key, Account()).passages_at_a_wait = row.many
    return Ledger(
        accounts,
        tuple(ids.shown(ids.TOUCH, row.id) for row in tx.execute(_UNPROVEN)),
        tx.execute(_WAITING_EVENTS).scalar_one(),
        waiting.many(tx),
        tuple(sums.drifted(tx, campaign)),
    )


def _enter(account: Account, state: str, reason: str | None, many: int) -> None:
    match state:
        case "sent" | "delivered":
            account.sent += many
        case "uncertain":
            account.uncertain += many
        case "skipped" | "failed" | "cancelled":
            _add(getattr(account, state), reason or "unknown", many)
        case "planned" if reason:
            _add(account.open.held, reason, many)
        case _:
            account.open.waiting += many


def _add(counts: Counts, reason: str, many: int) -> None:
    counts[reason] = counts.get(reason, 0) + many
