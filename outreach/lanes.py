"""How many threads of a process may one kind of work hold?

A provider that takes its time keeps whoever calls it. Were all threads with it, what is due on
other channels would wait for a provider with which it has nothing to do.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

# A process has so many times as many threads as one lane holds: what is left serves the others.
LANES = 2


@dataclass
class Lane:
    """At most `width` jobs under way at a time, whoever asks; what does not fit is asked for again.

    Whoever finds it full does not wait there: its thread is for others meanwhile. Nor does a second
    job of the same kind begin beside one that has only just begun: one that takes all that waits
    has less to do for each than two that share it.
    """

    width: int
    steady: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)
    _under_way: int = 0
    _missed: dict[Hashable, Callable[[], object]] = field(default_factory=dict)
    _began: dict[Hashable, float] = field(default_factory=dict)

    def take(
        self,
        what: Hashable,
        job: Callable[[], object],
        again: Callable[[], object],
        *,
        apart: float = 0.0,
    ) -> None:
        """Do this job, if there is room; else let `again` be called once a job has ended.

        However often the same `what` did not fit, it is asked for again once. There is no room
        either as long as the last of the same is under way and not `apart` seconds old, by
        `steady`.
        """
        with self._lock:
            if self._under_way >= self.width or self._young(what, apart):
                self._missed[what] = again
                return
            self._under_way += 1
            self._began[what] = began = self.steady()
        try:
            job()
        finally:
            self._leave(what, began)

    def _young(self, what: Hashable, apart: float) -> bool:
        began = self._began.get(what)
        return began is not None and self.steady() - began < apart

    def _leave(self, what: Hashable, began: float) -> None:
        with self._lock:
            self._under_way -= 1
            if self._began.get(what) == began:  # another of the same may have begun since
                del self._began[what]
            missed, self._missed = self._missed, {}
        for again in missed.values():
            again()
