"""How does a touch become a call, or a text to copy, that an agent owes?

The agent channel is a way out like any other: opening the task is its acceptance, and the
disposition is its receipt. Opening the same task twice opens one. Calls for which no agent would
have time are refused for now, and come again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from outreach import ids
from outreach.callbacks import openings, store
from outreach.callbacks.openings import Wish
from outreach.callbacks.pacing import Room
from outreach.channels.protocol import (
    TOO_LATE,
    Absent,
    Accepted,
    Answer,
    Capabilities,
    Found,
    Outgoing,
    Refused,
    Uncertain,
)
from outreach.clock import Clock
from outreach.db.engine import BrandRef, Database
from outreach.errors import Trouble


@dataclass(frozen=True, slots=True)
class AgentWay:
    """Opens the tasks of a handful in a transaction of its own."""

    database: Database
    clock: Clock
    brands: Callable[[], Mapping[str, BrandRef]]
    capabilities: Capabilities = Capabilities(
        handful=50, idempotent=True, receipts="push", looks_up=True
    )

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Open those of each brand together; see `WayOut`."""
        in_time = [one for one in outgoing if time.monotonic() < one.deadline]
        answers: dict[str, Answer] = {}
        for brand, some in groupby(sorted(in_time, key=_brand), key=_brand):
            answers.update(self._opened(brand, list(some)))
        for one in outgoing:
            yield one.touch_id, answers.get(one.touch_id, TOO_LATE)

    def look_up(self, touches: Sequence[str], *, brand: str) -> Iterator[tuple[str, Found]]:
        """Whether the task was opened: one statement for all; see `LooksUp`."""
        by_id = {ids.read(ids.TOUCH, shown): shown for shown in touches}
        try:
            with self.database.begin(self.brands()[brand]) as tx:
                opened = store.opened(tx, list(by_id))
        except Trouble as error:
            yield from ((shown, Uncertain(error.sentence)) for shown in touches)
            return
        for touch, shown in by_id.items():
            here = Accepted(ids.shown(ids.TASK, touch)) if touch in opened else Absent("no task")
            yield shown, here

    def close(self) -> None:
        """Nothing is held."""

    def _opened(self, brand: str, some: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        wishes = {
            one.touch_id: Wish(ids.read(ids.TOUCH, one.touch_id), one.to, one.content.text)
            for one in some
        }
        written = False
        try:
            ref = self.brands()[brand]
            now = self.clock()
            with self.database.begin(ref) as tx:
                planned = openings.plan(tx, ref, list(wishes.values()), now=now)
                store.open_all(tx, ref, planned.openings, now=now)
                written = True
        except Trouble as error:
            away = _away(error, in_doubt=written)
            yield from ((one.touch_id, away) for one in some)
            return
        for shown, wish in wishes.items():
            room = planned.held.get(wish.touch_id)
            yield shown, _full(room) if room else Accepted(ids.shown(ids.TASK, wish.touch_id))


class Assisted(AgentWay):
    """Texts for a platform's chat in which only people may write: agents copy and confirm them."""


def _brand(one: Outgoing) -> str:
    return one.brand


def _away(error: Trouble, *, in_doubt: bool) -> Refused | Uncertain:
    """Once all was written, the commit may have gone through though nobody heard of it."""
    if in_doubt:
        return Uncertain(error.sentence)
    return Refused("unreachable", error.sentence, permanent=False)


def _full(room: Room) -> Refused:
    return Refused("busy", room.why, permanent=False, retry_after=room.again_in)
