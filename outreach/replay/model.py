"""What does a replay say of one contact?"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

# What may become of one: it goes, the gate says no, it waits, its passage ends, its text cannot be
# made, or the passage does not begin.
OUTCOMES = ("send", "skip", "hold", "cancel", "fail", "decline")


@dataclass(frozen=True, slots=True)
class Row:
    """One contact with one person, or a passage that did not begin (without a step).

    `at` is the instant at which it went, ended, or will be looked at again; `local` the same on
    every clock that may be the person's. `pack` is the version of the rules and `facts` the hash of
    what the gate looked at last; both are empty where it never came to the gate. `text` is what
    the person would read or hear.
    """

    id: UUID
    person: str
    event: str
    campaign: str
    version: int
    step: str
    channel: str
    purpose: str
    outcome: str
    reason: str | None
    at: datetime
    zones: tuple[str, ...]
    local: tuple[str, ...]
    until: datetime
    pack: str
    facts: str
    text: str

    @property
    def walls(self) -> tuple[tuple[str, str], ...]:
        """Each clock that may be the person's, and what it shows then."""
        return tuple(zip(self.zones, self.local, strict=True))

    def document(self) -> dict[str, object]:
        """The row as JSON shows it, always with the same keys in the same order."""
        told = asdict(self) | {"id": str(self.id), "at": self.at.isoformat()}
        return told | {"until": self.until.isoformat()}
