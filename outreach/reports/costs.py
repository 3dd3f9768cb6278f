"""What did a contact of these weeks cost, and each thing that came of the contacts?

From what providers said they charge, a line for each currency: nothing is converted, and the time
of agents is not in it. An outcome is somebody who did it within thirty days of the first contact
that a campaign made with them in these weeks. Who is written to by two campaigns counts for both,
and so does who would have done it anyway: only a holdout tells what a campaign brought about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection, text

from outreach.events import currencies, outcomes
from outreach.reports import metering
from outreach.reports.metering import Used

CONTACT = "contact"
OUTCOMES = tuple(outcomes.WORDS)
WITHIN = timedelta(days=30)
COLUMNS = ("campaign", "per", "many", "amount", "each", "currency")

_TENTHS_OF_CENTS = Decimal("0.0001")
_DID = text("""
    with first as (
        select t.campaign_id, a.person_id, min(a.started_at) as at
        from outreach.attempts a
        join outreach.touches t on t.brand_id = a.brand_id and t.id = a.touch_id
        where a.started_at >= :since and a.started_at < :until and a.outcome = 'accepted'
        group by 1, 2
    )
    select c.key as campaign, e.type as outcome, count(distinct f.person_id) as people
    from first f
    join outreach.campaigns c on c.id = f.campaign_id
    join outreach.events e on e.person_id = f.person_id and e.type = any(:outcomes)
        and e.occurred_at > f.at and e.occurred_at <= f.at + :within
    group by 1, 2 order by 1, 2
""")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a campaign was charged, in units of `currency` (ISO 4217), and for how many.

    `per` is `contact`, where those contacts count whose charge is known, or the type of an outcome.
    """

    campaign: str
    per: str
    many: int
    amount: Decimal
    currency: str

    @property
    def each(self) -> Decimal:
        """What one of them cost, to the hundredth of a cent."""
        return (self.amount / self.many).quantize(_TENTHS_OF_CENTS)

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        return asdict(self) | {"each": self.each}


def of(tx: Connection, *, since: datetime, until: datetime) -> list[Cost]:
    """The costs from the one instant on and before the other; two statements.

    In order of campaign and currency: the contact first, then what came of it.
    """
    used = metering.used(tx, since=since, until=until, prices={})
    asked = {"since": since, "until": until, "outcomes": list(OUTCOMES), "within": WITHIN}
    did: dict[str, dict[str, int]] = {}
    for row in tx.execute(_DID, asked):
        did.setdefault(row.campaign, {})[row.outcome] = row.people
    return list(shared_out(used, did))


def shared_out(used: Iterable[Used], did: Mapping[str, Mapping[str, int]]) -> Iterator[Cost]:
    """What was charged, for each contact and for each outcome; `did` by campaign. Pure."""
    charged: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for one in used:
        if one.charged is not None and one.currency is not None:
            minor, many = charged.get((one.campaign, one.currency), (Decimal(0), 0))
            charged[one.campaign, one.currency] = minor + one.charged, many + one.contacts
    for (campaign, currency), (minor, contacts) in sorted(charged.items()):
        amount = currencies.units(minor, currency)
        came = did.get(campaign, {})
        counts = [(CONTACT, contacts), *((name, came.get(name, 0)) for name in OUTCOMES)]
        for per, many in counts:
            if many:
                yield Cost(campaign, per, many, amount, currency)
