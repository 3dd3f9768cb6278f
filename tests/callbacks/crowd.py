"""How do many agents work at once, over the API, some of them vanishing in the middle of a call?

Each agent is a thread that takes, dials and closes. Chance is a hash of task and turn, so that a
run with one agent is the same each time. What must never happen is noted as it happens.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any

from sqlalchemy import text

from outreach import ids
from outreach.app import Outreach
from outreach.callbacks import sweeping
from outreach.clock import SteppedClock
from outreach.db.engine import BrandRef

Ask = Callable[[str, dict[str, object]], tuple[int, Any]]
"""POSTs to a path below /api/v1: the status and the decoded answer."""

ENDINGS = ("reached", "reached", "no_answer", "busy", "voicemail", "wrong_number", "escalate")
_VANISHES, _STEP = 0.1, timedelta(minutes=4)
_LAPSE = text("""
    update outreach.tasks set lease_until = now() - interval '1 second'
    where state = 'taken' and holder = any(:agents)
""")


@dataclass(slots=True)
class Crowd:
    """Agents at work, and who holds what, as they themselves see it."""

    app: Outreach
    brand: BrandRef
    clock: SteppedClock
    ask: Ask
    held: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    turns: int = 0
    lock: Lock = field(default_factory=Lock)

    def work(self, agents: int, turns: int) -> None:
        """Let so many agents at once do so many turns each; whoever vanishes is replaced."""
        with ThreadPoolExecutor(agents) as pool:
            list(pool.map(lambda number: self._work(number, turns), range(agents)))
        self.take_back()

    def take_back(self) -> None:
        """The leases of those who vanished run out, and workers see to what is left behind."""
        with self.lock:
            gone, self.gone = self.gone, set()
            self.held = {task: who for task, who in self.held.items() if who not in gone}
        with self.app.means.database.begin(self.brand) as tx:
            tx.execute(_LAPSE, {"agents": sorted(gone)})
        while sweeping.sweep(self.app.means, self.brand):
            pass

    def _work(self, number: int, turns: int) -> None:
        for turn in range(turns):
            agent = f"agent-{number}-{turn}"
            _, answer = self.ask("/tasks/take", {"agent": agent})
            if task := answer["task"]:
                with self._holding(task["task"], agent) as stays:
                    if stays:
                        self._call(task["task"], agent, turn)
            self._pass_time()

    def _call(self, task: str, agent: str, turn: int) -> None:
        status, _ = self.ask(f"/tasks/{task}/dial", {"agent": agent})
        if status == 409:
            return
        if ids.share("vanishes in the call", task, turn) < _VANISHES:
            self.gone.add(agent)
            return
        ending = ENDINGS[int(ids.share("ends", task, turn) * len(ENDINGS))]
        closing: dict[str, object] = {"agent": agent, "disposition": ending}
        status, answer = self.ask(f"/tasks/{task}/close", closing)
        if status != 200:
            self.wrong.append(f"{agent} could not close {task}: {answer}")

    @contextmanager
    def _holding(self, task: str, agent: str) -> Iterator[bool]:
        """Note who holds the task, and whether that is two; some vanish with it at once."""
        with self.lock:
            if other := self.held.get(task):
                self.wrong.append(f"{task} is held by {other} and {agent}")
            self.held[task] = agent
        vanishes = ids.share("vanishes", task, agent) < _VANISHES
        if vanishes:
            self.gone.add(agent)
        yield not vanishes
        with self.lock:
            if agent not in self.gone:
                del self.held[task]

    def _pass_time(self) -> None:
        with self.lock:
            self.turns += 1
            if self.turns % 5 == 0:
                self.clock.step_to(self.clock() + _STEP)
