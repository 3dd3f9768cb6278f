"""How do the arms of a campaign compare, by now?

Either those whom it took in with those whom it left alone on purpose, or the arms of one of its
splits with each other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from outreach.campaigns.model import Campaign
from outreach.campaigns.steps import Split, placed
from outreach.enrolments.course import arm_of
from outreach.errors import NotFound
from outreach.experiments import lift, sequential
from outreach.experiments.lift import Count, Interval
from outreach.experiments.outcomes import Day, Observed
from outreach.experiments.sequential import Evidence, Look

TAKEN_IN, LEFT_ALONE = "taken in", "left alone"

Sort = Callable[[Observed], str | None]
"""In which arm somebody is; none where they take no part in the comparison."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An arm held against the first: its share, the lift over that one, and how sure it is.

    `ratio` is the lift in parts of the first arm's share; none where nobody of that one did it.
    """

    arm: str
    count: Count
    share: Interval
    lift: Interval
    evidence: Evidence

    @property
    def ratio(self) -> float | None:
        """The lift relative to the first arm."""
        first = self.share.value - self.lift.value
        return self.lift.value / first if first else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first arm, and each other held against it."""

    first: str
    count: Count
    share: Interval
    others: tuple[Compared, ...]


def by_holdout(one: Observed) -> str:
    """Taken in or left alone."""
    return LEFT_ALONE if one.left_alone else TAKEN_IN


def by_split(campaign: Campaign, key: str, *, brand: str) -> tuple[list[str], Sort]:
    """The arms of this split, and who is in which; the left alone are in none.

    Raises `NotFound`, naming the splits that there are.
    """
    splits = {s.key: s for _, s in placed(campaign.steps) if isinstance(s, Split)}
    if key not in splits:
        known = ", ".join(splits) or "none"
        raise NotFound(f"{campaign.key!r} has no split {key!r}; it has {known}")
    split = splits[key]

    def sort(one: Observed) -> str | None:
        if one.left_alone:
            return None
        return arm_of(split, brand=brand, campaign=campaign.key, ref=one.ref).key

    return [arm.key for arm in split.arms], sort


def compared(
    everybody: Iterable[Observed], arms: list[str], sort: Sort, *, level: float = 0.95
) -> Comparison:
    """Hold each arm against the first. The test looks once a day, when outcomes became known."""
    people: Counter[tuple[str, date]] = Counter()
    did: Counter[tuple[str, date]] = Counter()
    for one in everybody:
        if (arm := sort(one)) is not None:
            people[arm, one.known_on] += 1
            did[arm, one.known_on] += one.did
    return _held(people, did, arms, level)


def of_pilot(days: Iterable[Day], *, level: float = 0.95) -> Comparison:
    """Hold those whom a pilot took in against those whom it left out, day by day for the test."""
    people: Counter[tuple[str, date]] = Counter()
    did: Counter[tuple[str, date]] = Counter()
    for day in days:
        at = (LEFT_ALONE if day.left_alone else TAKEN_IN, day.known_on)
        people[at], did[at] = day.count.people, day.count.did
    return _held(people, did, [LEFT_ALONE, TAKEN_IN], level)


def _held(
    people: Mapping[tuple[str, date], int],
    did: Mapping[tuple[str, date], int],
    arms: list[str],
    level: float,
) -> Comparison:
    days = sorted({day for _, day in people})

    def on(arm: str, day: date) -> Count:
        return Count(people.get((arm, day), 0), did.get((arm, day), 0))

    def whole(arm: str) -> Count:
        counts = [on(arm, day) for day in days]
        return Count(sum(c.people for c in counts), sum(c.did for c in counts))

    def looks(arm: str) -> Iterator[Look]:
        return (Look(on(arm, day), on(arms[0], day)) for day in days)

    first = whole(arms[0])
    others = tuple(
        Compared(
            arm, whole(arm), lift.share(whole(arm), level=level),
            lift.difference(whole(arm), first, level=level), sequential.evidence(looks(arm)),
        )
        for arm in arms[1:]
    )  # fmt: skip
    return Comparison(arms[0], first, lift.share(first, level=level), others)
