"""Who tells staff of alarms while the ticker goes on?

Remembers what some chat took, beside the clock process and for as long as that runs: a second
ticker, or a restart, tells what stands once more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Lock, Thread

from outreach.bilingual import Language
from outreach.notices import telling
from outreach.notices.news import News, Standing, news
from outreach.notices.services import Robot
from outreach.reports.alarms import Raised

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
        self._telling = Lock()

    def hear(self, raised: Sequence[Raised], *, now: datetime) -> None:
        """Tell what is new among the alarms of this instant.

        While chats are still being told nothing else is; what none of them took is new again.
        """
        if not self._robots or not self._telling.acquire(blocking=False):
            return
        fresh = news(raised, self._told, language=self._language, now=now)
        if fresh.lines:
            self._run(lambda: self._tell(fresh, now))
        else:
            self._told = fresh.told
            self._telling.release()

    def _tell(self, fresh: News, now: datetime) -> None:
        try:
            if any(telling.tell(self._robots, "\n".join(fresh.lines), now=now)):
                self._told = fresh.told
        finally:
            self._telling.release()
