"""Which hours does a brand keep of its own accord, and which customs does it leave aside?"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from outreach.hours.policy import HouseHours, Policy

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class OwnHours(BaseModel):
    """What a brand's profile says of hours: it narrows what the packs admit and never widens it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    house: tuple[HouseHours, ...] = ()
    # Rows that bind nobody, by their ids, with the reason why this brand does not keep to them.
    switched_off: Mapping[str, Why] = Field(default_factory=dict)
    # The trade whose own rows hold too, such as life_insurance.
    sector: str | None = Field(default=None, pattern=r"^[a-z_]+$")

    @property
    def policy(self) -> Policy:
        """The same as the packs take it."""
        return Policy(
            house=tuple(hours.rule() for hours in self.house),
            switched_off=tuple(sorted(self.switched_off.items())),
            sector=self.sector,
        )
