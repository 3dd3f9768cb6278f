"""What has been agreed with the firm that we speak for, about how well it is done?

Data of the brand's profile, from the firm's contract; what is not agreed is not judged. A level is
a share from 0 to 1: of what should be done at least that much, of what should not at most.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Level: TypeAlias = Literal[
    "on_time", "delivered", "calls_in_time", "first_contact", "satisfied", "refused", "complained"
]
AT_MOST: frozenset[Level] = frozenset({"refused", "complained"})
"""Those of which less is better."""

Share = Annotated[float, Field(ge=0, le=1)]
Span = Annotated[timedelta, Field(ge=timedelta(), le=timedelta(days=31))]


class ServiceLevels(BaseModel):
    """The levels of a contract, each by the word under which a month tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Contacts that left no later than `on_time_within` after the instant they were planned for.
    on_time: Share | None = None
    on_time_within: Span = timedelta(hours=1)
    # Contacts that arrived, of those that left.
    delivered: Share | None = None
    # Calls owed that were made before their time was over.
    calls_in_time: Share | None = None
    # People reached by a call who needed no other, and had no case, in the week after it.
    first_contact: Share | None = None
    # Satisfaction surveys answered high.
    satisfied: Share | None = None
    # People who refused anything, of those who were reached; complaints, of contacts that left.
    refused: Share | None = None
    complained: Share | None = None

    @property
    def agreed(self) -> Mapping[Level, float]:
        """Those that the contract names."""
        named: dict[Level, float | None] = {
            "on_time": self.on_time, "delivered": self.delivered,
            "calls_in_time": self.calls_in_time, "first_contact": self.first_contact,
            "satisfied": self.satisfied, "refused": self.refused, "complained": self.complained,
        }  # fmt: skip
        return {level: share for level, share in named.items() if share is not None}
