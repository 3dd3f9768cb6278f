"""What is a call, or a text to copy, that an agent owes, and what is one call of it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from optout.model import Channel, Identity, Kind
from outreach.people.model import REACHED_BY

FIRST = 0
"""The rank of what was promised or passed up."""

Sort: TypeAlias = Literal["call", "copy"]
"""What an agent does: calls, or copies a text into a chat in which nobody else may write."""


@dataclass(frozen=True, slots=True)
class Task:
    """A call that an agent owes a person, or of the kind `copy` a text to be sent by hand.

    `number` is E.164, the one to dial now; of a copy it is the person's handle on the platform, and
    `script` the finished text. `rank` orders the queue, smaller first. `only_agent`
    names the agent who promised to call, `held` says why it waits until `due_at`.
    """

    id: UUID
    touch_id: UUID
    campaign_id: UUID
    person_id: UUID
    kind: Sort
    number: str
    other_number: str | None
    script: str
    reason: str
    queue: str
    language: str | None
    needs: tuple[str, ...]
    in_house: bool
    rank: int
    state: str
    holder: str | None
    only_agent: str | None
    disposition: str | None
    note: str | None
    attempts: int
    held: str | None
    promised_local: str | None
    promised_zone: str | None
    promised_at: datetime | None
    opened_at: datetime
    due_at: datetime
    useless_after: datetime
    taken_at: datetime | None
    dialled_at: datetime | None
    lease_until: datetime | None

    @property
    def channel(self) -> Channel:
        """The channel on which the person is reached by it."""
        return Channel.CHAT if self.kind == "copy" else Channel.VOICE

    def identity(self, number: str) -> Identity:
        """A number, or of a copy a handle, as consent knows it."""
        return Identity(Kind(REACHED_BY[self.channel]), number)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a task; without an end it is under way, or its agent did not come back."""

    task_id: UUID
    number: int
    queue: str
    agent: str
    dialled_at: datetime
    ended_at: datetime | None
    disposition: str | None
    note: str | None
    answers: Mapping[str, str]
    said: Mapping[str, object]
    undone: int
