"""What time is it for the application?

Only entry points and `app` hold a clock; everything that decides is given `now`. Leases never use
it: they live on the database's own clock, so a stepped or wrong clock here cannot free or keep one.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from outreach.errors import Misconfigured

Clock = Callable[[], datetime]


def system() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # the one place where time enters


class SteppedClock:
    """A clock that several processes share, and that moves only when it is stepped: demo, tests.

    It is one small file that holds an ISO instant; a step replaces the file, so a reader never sees
    half of one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text(encoding="ascii"))

    def step_to(self, instant: datetime) -> None:
        """Set the clock. It may only stand or go forward; raises `ValueError` otherwise."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant} has no zone: it means another time on another machine")
        if self.path.exists() and instant < self():
            raise ValueError(f"the clock stands at {self()} and cannot go back to {instant}")
        fresh = self.path.with_suffix(".next")
        fresh.write_text(instant.astimezone(UTC).isoformat(), encoding="ascii")
        os.replace(fresh, self.path)  # noqa: PTH105  # atomic, and said so


def read(setting: str) -> Clock:
    """The clock that `OUTREACH_CLOCK` names: `system`, or `file:PATH` for a stepped one."""
    if setting == "system":
        return system
    kind, _, path = setting.partition(":")
    if kind == "file" and _holds_an_instant(Path(path)):
        return SteppedClock(Path(path))
    raise Misconfigured(
        f"OUTREACH_CLOCK is {setting!r}: use `system`, or `file:PATH` of a clock there"
    )


def _holds_an_instant(path: Path) -> bool:
    try:
        return path.is_file() and SteppedClock(path)().tzinfo is not None
    except ValueError:
        return False
