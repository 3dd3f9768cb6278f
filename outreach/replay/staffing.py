"""How many calls can the agents of a brand make in an hour, going by their shifts? Pure.

Each on their own clock, as their queues' documents say; whoever works for several queues counts
once, while a shift of theirs runs in any of them. Who copies texts makes no calls. Breaks, sick
days and calls that nobody planned are the reader's to subtract.
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
    """Agents, each of whom is busy for `handling` with a call, as each of their queues has them."""

    agents: tuple[tuple[Agent, ...], ...]
    handling: timedelta

    @property
    def channel(self) -> str:
        """On which channel they contact people."""
        return Channel.VOICE.value

    def at(self, hour: datetime) -> int:
        """Calls in the hour that begins at this instant, by quarters in which a shift runs."""
        present = sum(
            any(shifts.on_shift(one, hour + quarter * _QUARTER) for one in same)
            for same in self.agents
            for quarter in range(_QUARTERS)
        )
        return int(present * _QUARTER / self.handling)

    def __str__(self) -> str:
        minutes = self.handling / timedelta(minutes=1)
        return f"{self.channel} by the shifts of {len(self.agents)} agents, {minutes:g} min a call"


def of(queues: Iterable[Queue], *, handling: timedelta) -> list[Shifts]:
    """What these queues' agents carry; nothing where no agent is named."""
    agents: dict[str, list[Agent]] = {}
    for queue in queues:
        for agent in queue.agents if queue.takes.kind == "call" else ():
            agents.setdefault(agent.key, []).append(agent)
    return [Shifts(tuple(map(tuple, agents.values())), handling)] if agents else []
