"""Is a way out called no faster, and no oftener after failures, than its provider bears?

What does not go out is refused for now and surely was not sent, so it waits its turn in the table
and keeps no worker, and no other channel, from its work.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from threading import Event

from outreach.channels.breaker import Breaker
from outreach.channels.pace import Pace
from outreach.channels.protocol import Answer, Outgoing, Refused, WayOut

_LOOK_AGAIN = 0.05  # seconds
_LINGER = 1.0  # seconds that one handful may wait for its turn, all in all
_ITS_TURN = timedelta(seconds=2)


class Careful:
    """Another way out, behind its provider's pace and a breaker."""

    def __init__(
        self,
        way: WayOut,
        *,
        pace: Pace | None = None,
        breaker: Breaker | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.within: tuple[WayOut, ...] = (way,)
        self.capabilities = way.capabilities
        self._way, self._pace, self._steady = way, pace, steady
        self._breaker = breaker or Breaker()

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """One after the other; see `WayOut`."""
        linger = self._steady() + _LINGER
        for one in outgoing:
            kept_back = self._kept_back(min(linger, one.deadline))
            if kept_back is not None:
                yield one.touch_id, kept_back
                continue
            for touch, answer in self._way.hand_over([one]):
                self._breaker.heard(answer, self._steady())
                yield touch, answer

    def _kept_back(self, until: float) -> Refused | None:
        wait = self._breaker.wait(self._steady())
        if wait:
            told = f"the provider is left alone for {wait:.0f} s, after what it answered last"
            return Refused("busy", told, permanent=False, retry_after=timedelta(seconds=wait))
        while self._pace is not None and not self._pace.admits():
            if self._steady() >= until:
                self._breaker.uncalled()
                told = "so many messages a second as the provider takes are on their way"
                return Refused("busy", told, permanent=False, retry_after=_ITS_TURN)
            Event().wait(_LOOK_AGAIN)
        return None

    def close(self) -> None:
        """Close what is behind; see `WayOut`."""
        self._way.close()
