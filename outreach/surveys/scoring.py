"""What do these answers come to, and how sure is that?

Pure. Recommendation is the share of high answers less the share of low ones, -100 to 100. Its
interval is the adjusted Wald one: three answers are added, three quarters of one high, three
quarters low and the rest between (Rocks, "Interval Estimation for the Net Promoter Score", The
American Statistician 70 (2016) 365-372; Sauro and Lewis recommend these very constants). The others
are the share of high answers, 0 to 100, with Wilson's interval (Wilson 1927; Newcombe, Statistics
in Medicine 17 (1998) 857-872, method 3). Both hold for few answers and near the ends of the scale,
where the plain interval is far too narrow. 95 of 100 such intervals hold what all would have said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from outreach.surveys.scales import Band

_Z = 1.959964  # of the normal distribution, two-sided 95 %
_ADDED, _AT_EACH_END = 3, 0.75
FEW = 30  # answers; with fewer, a score says little


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answered low, between and high."""

    low: int = 0
    middle: int = 0
    high: int = 0

    @property
    def all(self) -> int:
        """How many answered."""
        return self.low + self.middle + self.high

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.low + other.low, self.middle + other.middle, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its interval, in points of a hundred, rounded to one decimal."""

    value: float
    lowest: float
    highest: float


def counted(bands: Iterable[Band]) -> Counts:
    """How often each band was answered."""
    every = list(bands)
    return Counts(every.count("low"), every.count("middle"), every.count("high"))


def score(kind: str, counts: Counts) -> Score | None:
    """The score of a survey of this kind; None where nobody answered."""
    if not counts.all:
        return None
    value, (lowest, highest) = (
        (_net(counts), net_interval(counts))
        if kind == "nps"
        else (counts.high / counts.all, share_interval(counts.high, counts.all))
    )
    return Score(*(round(100 * number, 1) for number in (value, lowest, highest)))


def net_interval(counts: Counts) -> tuple[float, float]:
    """The adjusted Wald interval of high less low, each from -1 to 1."""
    size = counts.all + _ADDED
    high, low = (counts.high + _AT_EACH_END) / size, (counts.low + _AT_EACH_END) / size
    around, half = high - low, _Z * sqrt(net_variance(high, low) / size)
    return max(-1.0, around - half), min(1.0, around + half)


def net_variance(high: float, low: float) -> float:
    """The variance of one answer as 1, 0 or -1, given the shares of high and of low ones."""
    return high + low - (high - low) ** 2


def share_interval(some: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, each from 0 to 1."""
    centre, half = some + _Z**2 / 2, _Z * sqrt(some * (of - some) / of + _Z**2 / 4)
    size = of + _Z**2
    return max(0.0, (centre - half) / size), min(1.0, (centre + half) / size)


def _net(counts: Counts) -> float:
    return (counts.high - counts.low) / counts.all
