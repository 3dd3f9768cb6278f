"""May one look whenever one likes, and stop once it is clear?

With a p-value one may not: who looks every day at two arms that are alike will find a "winner". An
e-value may be looked at any time: whatever the rule by which one stops, the chance that it ever
exceeds 1/a is at most a where the arms are alike. It is a product over looks, each judged by what
was learnt in the looks before it, and exact for any number of people in the arms of a look.
R. J. Turner, A. Ly, P. D. Grünwald, "Generic E-variables for exact sequential k-sample tests that
allow for optional stopping", Journal of Statistical Planning and Inference 230 (2024) 106116;
section 2.2 for two shares. The bound is Ville's inequality.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log

from outreach.experiments.lift import Count

_PRIOR = 0.18  # the paper's choice for the beta prior of both arms


@dataclass(frozen=True, slots=True)
class Look:
    """What was new at one look: of whom the outcome became known since the last, in both arms.

    How many people a look holds must not depend on what they did.
    """

    one: Count
    other: Count


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly what was seen speaks against the arms being alike; 1 says nothing.

    `most` is the greatest value at any look so far.
    """

    now: float
    most: float

    @property
    def p(self) -> float:
        """A p-value that holds however often one looked."""
        return min(1.0, 1.0 / self.most)

    def decided(self, *, alpha: float = 0.05) -> bool:
        """Whether the arms differ, being wrong in at most a share `alpha` of arms that do not."""
        return self.p <= alpha


def evidence(looks: Iterable[Look]) -> Evidence:
    """The evidence after these looks, in their order."""
    gained, most = 0.0, 0.0
    one, other = Count(0, 0), Count(0, 0)
    for look in looks:
        gained += _gain(look, _guess(one), _guess(other))
        most = max(most, gained)
        one, other = _with(one, look.one), _with(other, look.other)
    return Evidence(exp(min(gained, 700.0)), exp(min(most, 700.0)))


def _guess(seen: Count) -> float:
    return (seen.did + _PRIOR) / (seen.people + 2 * _PRIOR)


def _gain(look: Look, guess: float, guess_other: float) -> float:
    """The logarithm of what the guesses gain over the share that both would have together."""
    people = look.one.people + look.other.people
    if not people:
        return 0.0
    alike = (look.one.people * guess + look.other.people * guess_other) / people
    return _likely(look.one, guess, alike) + _likely(look.other, guess_other, alike)


def _likely(seen: Count, guess: float, alike: float) -> float:
    missed = seen.people - seen.did
    return seen.did * log(guess / alike) + missed * log((1 - guess) / (1 - alike))


def _with(before: Count, more: Count) -> Count:
    return Count(before.people + more.people, before.did + more.did)
