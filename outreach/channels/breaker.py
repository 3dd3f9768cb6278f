"""May this provider be called just now, or has it failed too often to be tried?

Pure but for what it remembers; instants are seconds of `time.monotonic`. Three failures in a row
close the way, for longer each time it fails again; then one call goes ahead, and the others wait
for its answer. A provider that says when to come back is taken at its word, until it has put us off
three times running; then it is left alone for longer each time, or a quota that is used up would be
asked for every second of its day. A message that is at fault says nothing against the provider.
"""

import threading
from dataclasses import dataclass
from datetime import timedelta

from outreach.channels.protocol import Answer, Refused, Uncertain

_IN_A_ROW = 3
_FIRST, _LONGEST = 15.0, 300.0  # seconds
_OURS = frozenset({"deadline", "malformed", "rejected"})


@dataclass(slots=True)
class _State:
    failed: int = 0
    until: float = 0.0
    pause: float = _FIRST
    trying: float = 0.0  # until when one call is awaited


class Breaker:
    """What the last calls to one provider say about the next. Several threads may ask at once."""

    def __init__(self, *, patience: float = 30.0) -> None:
        """`patience`: seconds after which a call that was let through is no longer waited for."""
        self._state, self._patience = _State(), patience
        self._lock = threading.Lock()

    def wait(self, now: float) -> float:
        """Seconds until a call may go ahead; 0 lets this one through."""
        with self._lock:
            state = self._state
            if now < state.until:
                return state.until - now
            if not state.until:
                return 0.0
            if now < state.trying:
                return 1.0
            state.trying = now + self._patience
            return 0.0

    def heard(self, answer: Answer, now: float) -> None:
        """Learn from what a call came to."""
        with self._lock:
            asked = _asked(answer)
            if asked is not None:
                self._put_off(asked, now)
            elif _failed(answer):
                self._fail(now)
            elif not _is_ours(answer) or self._tells_of_life(answer, now):
                self._state = _State()
            else:
                self._state.trying = 0.0

    def uncalled(self) -> None:
        """Whoever was let through has made no call: another may."""
        with self._lock:
            self._state.trying = 0.0

    def _tells_of_life(self, answer: Answer, now: float) -> bool:
        """Whether a provider that was left alone said no to a message: then it works again."""
        rejected = isinstance(answer, Refused) and answer.reason == "rejected"
        return rejected and 0 < self._state.until <= now

    def _put_off(self, asked: float, now: float) -> None:
        """Calls that went ahead together are put off together: that is once."""
        state = self._state
        if now >= state.until:
            state.failed += 1
            if state.failed > _IN_A_ROW:
                asked = max(asked, state.pause)
                state.pause = min(state.pause * 2, _LONGEST)
        state.until = max(state.until, now + min(asked, _LONGEST))
        state.trying = 0.0

    def _fail(self, now: float) -> None:
        state = self._state
        state.failed += 1
        if state.failed >= _IN_A_ROW:
            state.until, state.trying = now + state.pause, 0.0
            state.pause = min(state.pause * 2, _LONGEST)


def _failed(answer: Answer) -> bool:
    return isinstance(answer, Uncertain) or (
        isinstance(answer, Refused) and not answer.permanent and not _is_ours(answer)
    )


def _is_ours(answer: Answer) -> bool:
    return isinstance(answer, Refused) and answer.reason in _OURS


def _asked(answer: Answer) -> float | None:
    """For how many seconds the provider wants to be left alone."""
    if isinstance(answer, Refused) and answer.reason == "busy" and answer.retry_after is not None:
        return max(answer.retry_after, timedelta(seconds=1)).total_seconds()
    return None
