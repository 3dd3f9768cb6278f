"""Was what is agreed with the firm kept in these weeks?

Pure. Each measured share beside the level that the contract names; of nobody nothing is known, and
a level of which nothing was measured is neither kept nor broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.brands.levels import AT_MOST, Level


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    many: int
    of: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; none where there is nothing of which it would be a share."""
        return self.many / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one level; `agreed` is none where the contract does not name it."""

    level: Level
    part: Part
    agreed: float | None

    @property
    def at_most(self) -> bool:
        """Whether less is better."""
        return self.level in AT_MOST

    @property
    def kept(self) -> bool | None:
        """Whether it was kept; none where nothing is agreed, or nothing was measured."""
        share = self.part.share
        if self.agreed is None or share is None:
            return None
        return share <= self.agreed if self.at_most else share >= self.agreed

    def row(self) -> dict[str, object]:
        """As a table shows it."""
        share = self.part.share
        return {
            "level": self.level, "many": self.part.many, "of": self.part.of,
            "share": None if share is None else round(share, 6), "agreed": self.agreed,
            "kept": self.kept,
        }  # fmt: skip


COLUMNS = ("level", "many", "of", "share", "agreed", "kept")


def judged(measured: Mapping[Level, Part], agreed: Mapping[Level, float]) -> list[Judged]:
    """All that was measured, each beside what is agreed of it."""
    return [Judged(level, part, agreed.get(level)) for level, part in measured.items()]
