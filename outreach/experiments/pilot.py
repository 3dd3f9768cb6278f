"""Did a pilot bring about what it was to, and is it to be stopped?

Pure. While it runs, a measure is ahead or behind only by the test that may be looked at any day
(`sequential`). Once the time of everybody is over it is judged as was written down beforehand, and
once: the whole interval on the wanted side of nought, and the estimate as far as was hoped. A stop
rule with a limit is a guardrail (`guard`); one without asks by the sequential test, at the same
level, whether more do it than of those left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outreach.campaigns.pilot import Pilot, StopRule, Success
from outreach.experiments import compared, guard
from outreach.experiments.lift import Count, Interval
from outreach.experiments.outcomes import Day

COLUMNS = (
    "outcome", "wanted", "by", "taken_in", "did", "left_out", "left_out_did", "lift", "low", "high",
    "p", "standing",
)  # fmt: skip


class Standing(StrEnum):
    """How a measure, or a whole pilot, stands."""

    OPEN = "open"
    AHEAD = "ahead"
    BEHIND = "behind"
    REACHED = "reached"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of success: both sides, by how much they differ, and how it stands.

    `by` and `lift` are shares of people, from -1 to 1; `p` holds however often one looked.
    """

    outcome: str
    wanted: str
    by: float
    taken_in: Count
    left_out: Count
    lift: Interval
    p: float
    standing: Standing

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        return {
            "outcome": self.outcome, "wanted": self.wanted, "by": self.by,
            "taken_in": self.taken_in.people, "did": self.taken_in.did,
            "left_out": self.left_out.people, "left_out_did": self.left_out.did,
            "lift": round(self.lift.value, 6), "low": round(self.lift.low, 6),
            "high": round(self.lift.high, 6), "p": round(self.p, 6), "standing": self.standing,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crossed:
    """A stop rule that is met: of so many so many did it, and only `limit` (a share) may."""

    outcome: str
    people: int
    did: int
    limit: float
    p: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How a pilot stands as a whole, and each of its measures."""

    until: datetime
    standing: Standing
    measures: tuple[Measured, ...]

    def rows(self) -> list[dict[str, object]]:
        """Each measure as a table shows it."""
        return [one.row() for one in self.measures]


def measured(success: Success, days: Sequence[Day], *, pilot: Pilot, now: datetime) -> Measured:
    """How this measure stands by now."""
    held = compared.of_pilot(days)
    (taken_in,) = held.others
    good = _turned(success, taken_in.lift)
    over = now >= pilot.until + success.within
    return Measured(
        success.outcome, success.wanted, success.by, taken_in.count, held.count, taken_in.lift,
        taken_in.evidence.p,
        _judged(good, success.by)
        if over else _meanwhile(good, decided=taken_in.evidence.decided()),
    )  # fmt: skip


def whole(measures: Sequence[Measured]) -> Standing:
    """How the pilot stands: reached where all of it is, missed where one is."""
    found = {one.standing for one in measures}
    for standing in (Standing.MISSED, Standing.BEHIND, Standing.OPEN, Standing.AHEAD):
        if standing in found:
            return standing
    return Standing.REACHED if found else Standing.OPEN


def crossed(rule: StopRule, days: Sequence[Day]) -> Crossed | None:
    """The rule, if it is met."""
    taken_in = [day.count for day in days if not day.left_alone]
    people, did = sum(one.people for one in taken_in), sum(one.did for one in taken_in)
    if rule.over is not None:
        found = guard.evidence(taken_in, limit=rule.over)
        met, limit = found.decided(alpha=guard.ALPHA), rule.over
    else:
        held = compared.of_pilot(days)
        (other,) = held.others
        found, limit = other.evidence, held.count.share
        met = found.decided(alpha=guard.ALPHA) and other.lift.value > 0
    return Crossed(rule.outcome, people, did, limit, found.p) if met else None


def _judged(good: Interval, by: float) -> Standing:
    return Standing.REACHED if good.low > 0 and good.value >= by else Standing.MISSED


def _meanwhile(good: Interval, *, decided: bool) -> Standing:
    if not decided:
        return Standing.OPEN
    return Standing.AHEAD if good.value > 0 else Standing.BEHIND


def _turned(success: Success, lift: Interval) -> Interval:
    """The lift with what is wanted above nought."""
    if success.wanted == "more":
        return lift
    return Interval(-lift.value, -lift.high, -lift.low)
