"""Who is on shift at this instant, and who will be?

Pure. A shift is a week of windows on the agent's own clock, so that it stays at nine in the morning
when the clocks change, and agents in other zones take over as the sun goes round.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.callbacks.document import Agent, Queue
from outreach.hours import window
from outreach.hours.model import Admission, Rule, of_hours

AHEAD = timedelta(days=7)
"""So far ahead a lead sees shifts."""


@dataclass(frozen=True, slots=True)
class Shift:
    """When one shift begins and ends."""

    opens_at: datetime
    closes_at: datetime


def on_shift(agent: Agent, at: datetime) -> bool:
    """Whether the agent's shift runs at this instant."""
    return of(agent, at).allowed


def of(agent: Agent, at: datetime) -> Admission:
    """The shift that runs at this instant, or the next one; its end is `closes_at`."""
    return window.next_open((_rule(agent),), (agent.zone,), at=at)


def coming(queue: Queue, now: datetime) -> list[tuple[Agent, Shift]]:
    """The shifts that run or begin within the week, in the order in which they begin."""
    found = ((agent, one) for agent in queue.agents for one in _of_agent(agent, now))
    return sorted(found, key=lambda told: (told[1].opens_at, told[0].key))


def _of_agent(agent: Agent, now: datetime) -> Iterator[Shift]:
    at, until = now, now + AHEAD
    while at < until:
        found = of(agent, at)
        if found.next_at is None or found.closes_at is None or found.next_at >= until:
            return
        yield Shift(found.next_at, found.closes_at)
        at = found.closes_at


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
