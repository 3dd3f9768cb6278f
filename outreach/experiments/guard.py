"""Do more people object than may, beyond doubt, however often one looks?

Pure. The evidence is a set of bets against "at most this share does it", each at odds that are fair
where exactly that share does and poor where fewer do: it grows when more do, and only by chance
otherwise. So the chance that it ever exceeds 1/a is at most a, and it may be looked at every hour.
H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of
Mathematical Statistics 41 (1970) 1397-1409, section 3 (mixtures of likelihood ratios, and Ville's
inequality for them).
"""

from collections.abc import Iterable, Iterator
from math import exp, log

from outreach.experiments.lift import Count
from outreach.experiments.sequential import Evidence

ALPHA = 0.01
"""Of how many counts that keep to their limit a guardrail may stop one.

A count begins with each version that goes live and after each stop, and the bound holds for as long
as nothing that it counted is let go of.
"""

_BETS = (1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)  # so many times the limit
_MOST = 700.0  # nearly the exponent of the largest number


def evidence(looks: Iterable[Count], *, limit: float) -> Evidence:
    """How strongly these looks, in their order, speak for more than `limit` (over 0, under 1).

    A look counts people of whom the outcome became known since the last; who counts must not
    depend on what they did.
    """
    most = now = 1.0
    people = did = 0
    for look in looks:
        people, did = people + look.people, did + look.did
        now = _worth(did, people - did, limit)
        most = max(most, now)
    return Evidence(now, most)


def crossed(looks: Iterable[Count], *, limit: float) -> bool:
    """Whether more than `limit` do it, being wrong for `ALPHA` of counts that keep to it."""
    return evidence(looks, limit=limit).decided(alpha=ALPHA)


def _worth(did: int, missed: int, limit: float) -> float:
    """What one that was put on all bets in equal parts is worth by now."""
    bets = list(_bets(limit))
    gains = (did * log(bet / limit) + missed * log((1 - bet) / (1 - limit)) for bet in bets)
    return sum(exp(min(gain, _MOST)) for gain in gains) / len(bets)


def _bets(limit: float) -> Iterator[float]:
    """Shares above the limit and below all."""
    return (bet if (bet := limit * times) < 1 else (1 + limit) / 2 for times in _BETS)
