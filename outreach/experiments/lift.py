"""By how much do two shares differ, and how sure is that?

Intervals of a share by Wilson's score, of a difference of two by Newcombe's hybrid of two of those:
they hold what they promise for few people and for shares near nought, where the textbook's do not.
E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927)
209-212; R. G. Newcombe, "Interval estimation for the difference between independent proportions:
comparison of eleven methods", Statistics in Medicine 17 (1998) 873-890, method 10.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Count:
    """Of so many people, so many did it."""

    people: int
    did: int

    def __post_init__(self) -> None:
        if not 0 <= self.did <= self.people:
            raise ValueError(f"{self.did} of {self.people} cannot be")

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is nobody."""
        return self.did / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and between which two values the truth lies with the level asked for."""

    value: float
    low: float
    high: float


def share(of: Count, *, level: float = 0.95) -> Interval:
    """The share with its interval; of nobody nothing is known, so it is from 0 to 1."""
    if not of.people:
        return Interval(0.0, 0.0, 1.0)
    z, n, p = _z(level), of.people, of.share
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Interval(p, max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def difference(one: Count, other: Count, *, level: float = 0.95) -> Interval:
    """The share of the one less that of the other, from -1 to 1."""
    a, b = share(one, level=level), share(other, level=level)
    value = a.value - b.value
    down = sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    up = sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Interval(value, max(-1.0, value - down), min(1.0, value + up))


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
