"""What time is it in the storm, and what time was it when a call began?

A hand moves the clock of all processes, a minute a second, and writes down when it did. So what a
provider heard on the machine's steady clock has an instant in the world of the storm.
"""

import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread

START = datetime(2026, 3, 10, 15, 50, tzinfo=UTC)  # a Tuesday; ten minutes before Los Angeles opens
_RATE = 60  # seconds of the storm in one of ours
_EVERY = 0.1  # seconds between two moves


class Hand:
    """Moves one clock file until it is stopped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._moves: list[tuple[float, datetime]] = []
        self._began, self._jumped = time.monotonic(), timedelta(0)
        self._moving = Lock()
        self._stop = Event()
        self._move()
        self._thread = Thread(target=self._run, name="hand", daemon=True)
        self._thread.start()

    def now(self) -> datetime:
        return self._moves[-1][1]

    def at(self, steady: float, back: float = 0.0) -> tuple[datetime, datetime]:
        """The earliest and the latest that the clock may have shown at this steady instant.

        With `back`, in so many seconds up to it.
        """
        before = bisect_right(self._moves, steady - back, key=lambda move: move[0])
        after = bisect_right(self._moves, steady, key=lambda move: move[0])
        around = self._moves[max(0, before - 1) : after + 1] or self._moves[-1:]
        shown = [instant for _, instant in around]
        return min(shown), max(shown)

    def jump(self, by: timedelta) -> None:
        """Set the clock forward, or back."""
        self._jumped += by
        self._move()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY):
            self._move()

    def _move(self) -> None:
        with self._moving:
            passed = time.monotonic() - self._began
            shown = START + timedelta(seconds=passed * _RATE) + self._jumped
            fresh = self.path.with_suffix(".next")
            fresh.write_text(shown.isoformat(), encoding="ascii")
            fresh.replace(self.path)
            self._moves.append((time.monotonic(), shown))
