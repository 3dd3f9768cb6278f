"""What can be taken out, and how does somebody's asking for it stand?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Kind: TypeAlias = Literal["people", "contacts", "person", "brand", "consents"]
"""People with their addresses, contacts with what became of them, all that is kept of one person,
a whole brand, and all that was said about consent."""
KINDS: tuple[Kind, ...] = ("people", "contacts", "person", "brand", "consents")
TABLES: frozenset[Kind] = frozenset({"people", "contacts"})
"""Those of which each row is kept when it is asked for. The others leave as they are that day."""
State: TypeAlias = Literal["waiting", "approved", "refused", "over"]

WAITS = timedelta(days=7)  # for another person's word
OPEN = timedelta(hours=24)  # in which it may be fetched
MOST = 100_000  # rows of one table
LONGEST_WHY = 300  # signs


class Wanted(BaseModel):
    """Which rows somebody asks for: a kind, and what narrows it.

    `condition` chooses people, as in a campaign's audience; `campaign`, `since` (inclusive) and
    `until` (exclusive) choose contacts by the instant for which they were planned.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    condition: dict[str, Any] | None = None
    campaign: str | None = Field(default=None, pattern=r"^[^\x00]{1,200}$")
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Wanted":
        if self.condition is not None and self.kind != "people":
            raise ValueError("a condition chooses people: leave it out, or ask for people")
        if self.kind != "contacts" and (self.campaign or self.since or self.until):
            raise ValueError("campaign, since and until choose contacts: ask for contacts")
        return self


@dataclass(frozen=True, slots=True)
class Export:
    """One asking: who wants which rows and why, how many those are, and whose word there is.

    `alone` says that nobody else had to be asked; `ends_at` is until when it may be decided on, or
    fetched once it is approved.
    """

    id: UUID
    kind: Kind
    wanted: Mapping[str, Any]
    rows: int
    by: str
    why: str
    asked_at: datetime
    ends_at: datetime
    alone: bool = False
    approved: bool | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    taken: int = field(default=0)

    def state(self, *, now: datetime) -> State:
        """How it stands: `over` once its time has passed, unless somebody refused it before."""
        if self.approved is False:
            return "refused"
        if now >= self.ends_at:
            return "over"
        return "approved" if self.approved else "waiting"
