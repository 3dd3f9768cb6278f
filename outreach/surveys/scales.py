"""On which scale is a question answered, and which answers are low, middling or high?

Pure. Recommendation (NPS): 0 to 10, detractors up to 6, promoters from 9 (Reichheld, "The One
Number You Need to Grow", Harvard Business Review 12/2003). Satisfaction (CSAT): 1 to 5, satisfied
from 4 (the share of the top two boxes). Effort (CES 2.0): 1 to 7, how far one agrees that it was
easy, easy from 5 (Dixon, Toman, DeLisi, "The Effortless Experience", 2013).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Band: TypeAlias = Literal["low", "middle", "high"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from `lowest` to `highest`; low up to one of them, high from another."""

    lowest: int
    highest: int
    low_to: int
    high_from: int

    @property
    def scores(self) -> range:
        """Every answer, in order."""
        return range(self.lowest, self.highest + 1)

    def band(self, score: int) -> Band:
        """Whether this answer is low, middling or high."""
        if score <= self.low_to:
            return "low"
        return "high" if score >= self.high_from else "middle"


SCALES: Mapping[str, Scale] = {
    "nps": Scale(0, 10, low_to=6, high_from=9),
    "csat": Scale(1, 5, low_to=2, high_from=4),
    "ces": Scale(1, 7, low_to=3, high_from=5),
}
