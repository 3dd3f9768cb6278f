"""How many calls may begin together, how many touches be marked and claimed at once?

As many as the way out takes in a moment, which each process learns as it goes: what has begun when
a worker dies is uncertain, so a slow provider is called by the few, and a fast one must not wait
for a note of ours after each few. Of a provider of which nothing is known, or that takes nothing,
the fewest begin.

What puts off whatever it is handed is left for the next look: to go through all that waits for it
would take the time of those whose provider works.

And must all be looked through before their words are made? Each is judged at its mark, under the
locks that count. To judge it before as well spares the words of what waits; where hardly anything
waits, it is the dearer way.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from optout.model import Channel
from outreach.channels.protocol import Accepted, Answer, Refused, Uncertain
from outreach.dispatch import begun

MOST = 100  # calls that begin together at most
_MOMENT = 0.1  # seconds of calls that begin together
_A_WHILE = 1.0  # seconds of calls that are marked together: a withdrawal waits for a mark
_AT_A_TIME = 3.0  # seconds of calls that are claimed together
_SHORTEST = 0.001
_QUICK = 200.0  # messages a second
_MANY, _NEARLY_ALL = 50, 0.9


@dataclass
class Strides:
    """The pace of each way out in this process, in touches taken a second.

    It doubles at most from one time to the next, and falls at once, unless all that was handed over
    was taken within a moment. Threads may overwrite each other's: each wrote what it saw.
    """

    _rates: dict[Channel, float] = field(default_factory=dict)
    _nearly_all: dict[Hashable, bool] = field(default_factory=dict)
    _stalled: dict[Channel, bool] = field(default_factory=dict)

    _brands: "dict[str, Strides]" = field(default_factory=dict)

    def of(self, brand: str) -> "Strides":
        """Those of a brand whose ways out are its own."""
        return self._brands.setdefault(brand, Strides())

    def few(self, channel: Channel, *, handful: int) -> int:
        """So many calls are noted as begun together."""
        return self._within(channel, _MOMENT, least=begun.FEW, most=min(MOST, handful))

    def handful(self, channel: Channel, *, fewest: int, most: int) -> int:
        """So many touches are marked together."""
        return self._within(channel, _A_WHILE, least=fewest, most=most)

    def batch(self, channel: Channel, *, fewest: int, most: int) -> int:
        """So many touches are claimed together."""
        return self._within(channel, _AT_A_TIME, least=fewest, most=most)

    def took(self, channel: Channel, answers: Sequence[Answer], *, seconds: float) -> None:
        """What a way out said within so many seconds."""
        taken = sum(isinstance(one, Accepted) for one in answers)
        seen, known = taken / max(seconds, _SHORTEST), self._rate(channel)
        # A few that were taken at once say nothing against a pace at which more are taken.
        few = 0 < taken == len(answers) and seconds <= _MOMENT
        self._rates[channel] = max(known, min(seen, 2 * known)) if few else min(seen, 2 * known)
        self._stalled[channel] = bool(answers) and all(map(_put_off, answers))

    def quick(self, channel: Channel, *, brand: str = "") -> bool:
        """Whether a brand's way out takes messages about as fast as a thread makes them."""
        own = self._brands.get(brand)
        if own is not None and own.knows(channel):
            return own.quick(channel)
        return self._rate(channel) >= _QUICK

    def knows(self, channel: Channel) -> bool:
        """Whether anything was handed to it yet."""
        return channel in self._rates

    def stalled(self, channel: Channel) -> bool:
        """Whether a way out put off all that it was handed last, or said nothing of it.

        Told once: what is handed to it after that speaks anew.
        """
        return self._stalled.pop(channel, False)

    def went(self, where: Hashable, many: int, *, of: int) -> None:
        """So many of a batch of a brand on a channel could go."""
        self._nearly_all[where] = of >= _MANY and many >= _NEARLY_ALL * of

    def nearly_all_go(self, where: Hashable) -> bool:
        """Whether hardly anything was kept back the last time, of enough to tell."""
        return self._nearly_all.get(where, False)

    def _rate(self, channel: Channel) -> float:
        return max(self._rates.get(channel, 0), begun.FEW / _MOMENT)

    def _within(self, channel: Channel, seconds: float, *, least: int, most: int) -> int:
        return min(most, max(least, int(self._rate(channel) * seconds)))


def _put_off(said: Answer) -> bool:
    return isinstance(said, Uncertain) or (isinstance(said, Refused) and not said.permanent)
