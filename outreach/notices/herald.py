"""Who tells staff of alarms while the ticker goes on?

Remembers what it told, beside the clock process and for as long as that runs: a second ticker, or a
restart, tells what stands once more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Thread

from outreach.notices import telling
from outreach.notices.news import Standing, news
from outreach.notices.services import Robot
from outreach.reports.alarms import Raised
from outreach.reports.reasons import Language

Run = Callable[[Callable[[], object]], object]


def in_background(job: Callable[[], object]) -> None:
    """A chat that hangs keeps no tick waiting."""
    Thread(target=job, name="notices", daemon=True).start()


class Herald:
    """Tells each alarm as it comes and goes."""

    def __init__(
        self, robots: Sequence[Robot], language: Language, *, run: Run = in_background
    ) -> None:
        self._robots, self._language, self._run = robots, language, run
        self._told: Mapping[Standing, datetime] = {}

    def hear(self, raised: Sequence[Raised], *, now: datetime) -> None:
        """Tell what is new among the alarms of this instant."""
        fresh = news(raised, self._told, language=self._language, now=now)
        self._told = fresh.told
        if fresh.lines and self._robots:
            text = "\n".join(fresh.lines)
            self._run(lambda: telling.tell(self._robots, text, now=now))
