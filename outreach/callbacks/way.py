"""How does a touch become a call that an agent owes?

The agent channel is a way out like any other: opening the task is its acceptance, and the
disposition is its receipt. Opening the same task twice opens one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from outreach import ids
from outreach.callbacks import store
from outreach.channels.protocol import (
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
    """Opens a task for each touch, in a transaction of its own."""

    database: Database
    clock: Clock
    brands: Callable[[], Mapping[str, BrandRef]]
    capabilities: Capabilities = Capabilities(
        handful=50, idempotent=True, receipts="push", looks_up=True
    )

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        for one in outgoing:
            yield one.touch_id, self._open(one)

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

    def _open(self, one: Outgoing) -> Answer:
        touch = ids.read(ids.TOUCH, one.touch_id)
        try:
            with self.database.begin(self.brands()[one.brand]) as tx:
                store.open_task(tx, touch, number=one.to, script=one.content.text, now=self.clock())
        except Trouble as error:
            return Refused("unreachable", error.sentence, permanent=False)
        return Accepted(ids.shown(ids.TASK, touch))
