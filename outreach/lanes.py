"""How many threads of a process may one kind of work hold?

A provider that takes its time keeps whoever calls it. Were all threads with it, what is due on
other channels would wait for a provider with which it has nothing to do.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

# A process has so many times as many threads as one lane holds: what is left serves the others.
LANES = 2


@dataclass
class Lane:
    """At most `width` jobs under way at a time, whoever asks; what does not fit is asked for again.

    Whoever finds it full does not wait there: its thread is for others meanwhile.
    """

    width: int
    _lock: Lock = field(default_factory=Lock)
    _under_way: int = 0
    _missed: dict[Hashable, Callable[[], object]] = field(default_factory=dict)

    def take(self, what: Hashable, job: Callable[[], object], again: Callable[[], object]) -> None:
        """Do this job, if there is room; else let `again` be called once a job has ended.

        However often the same `what` did not fit, it is asked for again once.
        """
        with self._lock:
            if self._under_way >= self.width:
                self._missed[what] = again
                return
            self._under_way += 1
        try:
            job()
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._lock:
            self._under_way -= 1
            missed, self._missed = self._missed, {}
        for again in missed.values():
            again()
