"""What do the rows come to: how many of which outcome, when, where, and at what cost?

Counted row by row, so that it takes no more memory for a million rows than for ten.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from outreach.replay.model import Row
from outreach.templates import segments

NOWHERE = "place unknown"
Hour = tuple[datetime, str]
"""An hour, by its first instant in UTC, and a channel."""


@dataclass(slots=True)
class Totals:
    """Sums of rows that come person by person.

    `units` are what providers charge for, by channel: parts of an SMS, else messages and calls.
    `first` and `last` are when something goes, by zone; of several possible ones by each.
    """

    rows: int = 0
    people: int = 0
    reached: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: Counter[Hour] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    first: dict[str, datetime] = field(default_factory=dict)
    last: dict[str, datetime] = field(default_factory=dict)
    placeless: int = 0

    def cost(self, prices: Mapping[str, Decimal]) -> Decimal:
        """What it costs, in the currency of the prices, which are per unit and channel."""
        return sum((self.units[one] * price for one, price in prices.items()), start=Decimal(0))

    @property
    def peak(self) -> dict[str, tuple[datetime, int]]:
        """The fullest hour of each channel, the first of several, and how much goes in it."""
        found: dict[str, tuple[datetime, int]] = {}
        for (hour, channel), many in sorted(self.hours.items()):
            if many > found.get(channel, (hour, 0))[1]:
                found[channel] = hour, many
        return found

    def document(self) -> dict[str, object]:
        """The sums as JSON shows them."""
        return {
            "rows": self.rows, "people": self.people, "people_reached": self.reached,
            "people_without_a_place": self.placeless,
            "outcomes": dict(sorted(self.outcomes.items())),
            "reasons": [
                {"outcome": outcome, "reason": reason, "count": many}
                for (outcome, reason), many in self.by_reason()
            ],
            "hours": [
                {"hour": hour.isoformat(), "channel": channel, "count": many}
                for (hour, channel), many in sorted(self.hours.items())
            ],
            "units": dict(sorted(self.units.items())),
            "zones": [
                {"zone": zone, "first": self.first[zone].isoformat(),
                 "last": self.last[zone].isoformat()}
                for zone in sorted(self.first)
            ],
        }  # fmt: skip

    def by_reason(self) -> list[tuple[tuple[str, str], int]]:
        """Outcomes with their reasons, the most frequent first."""
        return sorted(self.reasons.items(), key=lambda one: (-one[1], one[0]))


def of(rows: Iterable[Row]) -> Totals:
    """The sums of these rows."""
    totals = Totals()
    for _ in counted(rows, totals):
        pass
    return totals


def counted(rows: Iterable[Row], totals: Totals) -> Iterator[Row]:
    """The same rows, passed on one by one while they are added to the totals."""
    person, reached = None, False
    for row in rows:
        if row.person != person:
            person, reached = row.person, False
            totals.people += 1
            totals.placeless += not row.zones
        if row.outcome == "send" and not reached:
            reached = True
            totals.reached += 1
        _add(totals, row)
        yield row


def _add(totals: Totals, row: Row) -> None:
    totals.rows += 1
    totals.outcomes[row.outcome] += 1
    if row.outcome != "send":
        totals.reasons[row.outcome, row.reason or ""] += 1
        return
    hour = row.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    totals.hours[hour, row.channel] += 1
    totals.units[row.channel] += _units(row)
    for zone in row.zones or (NOWHERE,):
        totals.first[zone] = min(row.at, totals.first.get(zone, row.at))
        totals.last[zone] = max(row.at, totals.last.get(zone, row.at))


def _units(row: Row) -> int:
    return segments.split(row.text).count if row.channel == "sms" else 1
