"""How many calls can so many agents answer without letting people wait?

Erlang's formulas for an M/M/N system. Source: A. K. Erlang, "Solution of some Problems in the
Theory of Probabilities of Significance in Automatic Telephone Exchanges", 1917; the recursion for
the blocking probability as in ITU-T E.501. Tests hold them against a worked
example that was published, 200 calls an hour of 3 minutes each (callcentrehelper.com, "Erlang C
Formula – Made Simple With an Easy Worked Example"), and against a printed table of Erlang B.

Loads are in erlangs, spans in seconds, rates in calls a second; probabilities lie in [0, 1].
"""

from math import exp

_STEPS = 60  # halvings: far below what a clock can tell


def blocked(agents: int, load: float) -> float:
    """Erlang B: the probability that every agent is busy where nobody waits."""
    probability = 1.0
    for number in range(1, agents + 1):
        probability = load * probability / (number + load * probability)
    return probability


def waits(agents: int, load: float) -> float:
    """Erlang C: the probability that a call has to wait; 1 where the load is beyond the agents."""
    if load <= 0:
        return 0.0
    if load >= agents:
        return 1.0
    full = blocked(agents, load)
    return agents * full / (agents - load * (1 - full))


def in_time(agents: int, load: float, *, within: float, handling: float) -> float:
    """The share of calls for which somebody is free within so many seconds."""
    if load >= agents:
        return 0.0
    return 1 - waits(agents, load) * exp(-(agents - load) * within / handling)


def mean_wait(agents: int, load: float, *, handling: float) -> float:
    """How long a call waits on average, in seconds; for ever where the load is beyond them."""
    return waits(agents, load) * handling / (agents - load) if load < agents else float("inf")


def most(agents: int, *, share: float, within: float, handling: float) -> float:
    """The highest rate at which this share of calls is still taken up in time."""
    low, high = 0.0, float(agents)
    for _ in range(_STEPS):
        load = (low + high) / 2
        if in_time(agents, load, within=within, handling=handling) >= share:
            low = load
        else:
            high = load
    return low / handling
