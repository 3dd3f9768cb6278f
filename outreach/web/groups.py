"""How do many requests share one commit?

Whatever waits when a transaction ends goes into the next one together (group commit: DeWitt et al.,
Implementation Techniques for Main Memory Database Systems, 1984), so that a commit is paid for once
and nobody waits for a timer. Each lane has at most one group under way, in a thread: one that waits
for a lock holds up nobody else. A group that fails is tried again one by one, so that each of it
has an answer of its own.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from outreach.errors import Trouble

WAITING = 2000  # requests that wait in a process, of all lanes together
AT_ONCE = 500  # of one group
LANES = 8  # groups that are under way at once
_PATIENCE = 2  # of a group that fails: troubles one by one, until the rest is told the same

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Lane: TypeAlias = tuple[asyncio.AbstractEventLoop, str]


@dataclass(slots=True)
class Groups(Generic[Item, Answer]):
    """Carries items out in groups; `carry` takes a lane's name and items, and answers each.

    An exception among the answers is raised for whoever gave that item. Used on event loops alone.
    """

    carry: Callable[[str, Sequence[Item]], Sequence[Answer | Exception]]
    most: int = WAITING
    _many: int = 0
    _waiting: dict[Lane, list[tuple[Item, asyncio.Future[Answer]]]] = field(default_factory=dict)
    _drains: set[asyncio.Task[None]] = field(default_factory=set)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(LANES, thread_name_prefix="group")
    )

    async def carried(self, lane: str, item: Item) -> Answer:
        """What became of this item, once its group is through.

        Raises `Trouble` when too many wait, and what carrying it out alone raised.
        """
        if self._many >= self.most:
            raise Trouble(f"{self.most} requests wait to be stored already; send it again soon")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._many += 1
        if (where := (loop, lane)) in self._waiting:
            self._waiting[where].append((item, future))
        else:
            self._waiting[where] = [(item, future)]
            drain = loop.create_task(self._drain(where))
            self._drains.add(drain)
            drain.add_done_callback(self._drains.discard)
        return await future

    async def _drain(self, where: Lane) -> None:
        """Group after group, until nobody waits in this lane."""
        loop, lane = where
        while group := self._waiting[where][:AT_ONCE]:
            del self._waiting[where][:AT_ONCE]
            items = [item for item, _ in group]
            answers = await loop.run_in_executor(self._threads, self._answers, lane, items)
            self._many -= len(group)
            for (_, future), answer in zip(group, answers, strict=True):
                _tell(future, answer)
        del self._waiting[where]

    def _answers(self, lane: str, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        try:
            return self.carry(lane, items)
        except Exception as error:  # noqa: BLE001  # raised again, for those whom it concerns
            return [error] if len(items) == 1 else self._one_by_one(lane, items)

    def _one_by_one(self, lane: str, items: Sequence[Item]) -> list[Answer | Exception]:
        """Each by itself; when the database is away, not each of them waits for it."""
        answers: list[Answer | Exception] = []
        troubles: list[Exception] = []
        for item in items:
            if len(troubles) >= _PATIENCE:
                answers.append(troubles[-1])
                continue
            [answer] = self._answers(lane, [item])
            answers.append(answer)
            if isinstance(answer, Trouble):
                troubles.append(answer)
        return answers


def _tell(future: asyncio.Future[Answer], answer: Answer | Exception) -> None:
    if future.done():  # whoever asked is gone
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
