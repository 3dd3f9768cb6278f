"""Who is on shift at this instant, and who will be?

Pure. A shift is a week of windows on the agent's own clock, so that it stays at nine in the morning
when the clocks change, and agents in other zones take over as the sun goes round.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from outreach.callbacks.document import Agent, Queue
from outreach.hours import window
from outreach.hours.model import Admission, Rule, of_hours


def on_shift(agent: Agent, at: datetime) -> bool:
    """Whether the agent's shift runs at this instant."""
    return of(agent, at).allowed


def of(agent: Agent, at: datetime) -> Admission:
    """The shift that runs at this instant, or the next one; its end is `closes_at`."""
    return window.next_open((_rule(agent),), (agent.zone,), at=at)


def able(
    agents: Iterable[Agent], *, language: str | None, needs: Sequence[str], in_house: bool
) -> tuple[Agent, ...]:
    """Those of these agents who may make a call that asks for this."""
    return tuple(
        agent
        for agent in agents
        if (agent.in_house or not in_house)
        and set(needs) <= set(agent.skills)
        and (language is None or not agent.languages or speaks(agent.languages, language))
    )


def speaks(languages: Iterable[str], language: str) -> bool:
    """Whether a call in this language can be made; `pt` makes one in `pt-BR`, and the reverse."""
    return language.partition("-")[0] in {one.partition("-")[0] for one in languages}


def staff(queue: Queue, at: datetime) -> tuple[Agent, ...]:
    """The agents of the queue whose shift runs at this instant."""
    return tuple(agent for agent in queue.agents if on_shift(agent, at))


def _rule(agent: Agent) -> Rule:
    name = f"shift:{agent.key}:{hash(agent.hours):x}"
    return of_hours(name, agent.hours, source="the queue's document")
