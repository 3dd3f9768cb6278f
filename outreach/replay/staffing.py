"""How many calls can the agents of a brand make in an hour, going by their shifts? Pure.

Each on their own clock, as their queues' documents say; whoever works for several queues counts
once. Breaks, sick days and calls that nobody planned are the reader's to subtract.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from optout.model import Channel
from outreach.callbacks import shifts
from outreach.callbacks.document import Agent, Queue

_QUARTER, _QUARTERS = timedelta(minutes=15), 4


@dataclass(frozen=True, slots=True)
class Shifts:
    """Agents, each of whom is busy for `handling` with a call."""

    agents: tuple[Agent, ...]
    handling: timedelta

    @property
    def channel(self) -> str:
        """On which channel they contact people."""
        return Channel.VOICE.value

    def at(self, hour: datetime) -> int:
        """Calls in the hour that begins at this instant, by quarters in which a shift runs."""
        present = sum(
            shifts.on_shift(agent, hour + quarter * _QUARTER)
            for agent in self.agents
            for quarter in range(_QUARTERS)
        )
        return int(present * _QUARTER / self.handling)

    def __str__(self) -> str:
        minutes = self.handling / timedelta(minutes=1)
        return f"{self.channel} by the shifts of {len(self.agents)} agents, {minutes:g} min a call"


def of(queues: Iterable[Queue], *, handling: timedelta) -> list[Shifts]:
    """What these queues' agents carry; nothing where no agent is named."""
    agents = {agent.key: agent for queue in queues for agent in queue.agents}
    return [Shifts(tuple(agents.values()), handling)] if agents else []
