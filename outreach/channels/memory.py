"""How does a text leave when it should go nowhere? It is kept, and can be looked at.

For tests, for replay and for whoever embeds outreach: a function may decide each answer, so any
provider's behaviour can be played without a network.
"""

import time
from collections.abc import Callable, Iterator, Sequence

from outreach.channels.protocol import (
    TOO_LATE,
    Accepted,
    Answer,
    Capabilities,
    Found,
    Outgoing,
    Uncertain,
)


def knows_nothing(touch: str) -> Found:  # noqa: ARG001  # the form of every look-up
    """No word, whatever is asked about."""
    return Uncertain("nothing is looked up here")


def accept(outgoing: Outgoing) -> Answer:
    """Take everything; the provider's id is the touch's own."""
    return Accepted(provider_id=f"mem-{outgoing.touch_id}")


class Memory:
    """Keeps each text it was handed beside the answer that it gave, in order."""

    def __init__(
        self,
        decide: Callable[[Outgoing], Answer] = accept,
        *,
        capabilities: Capabilities | None = None,
        found: Callable[[str], Found] = knows_nothing,
    ) -> None:
        self.capabilities = capabilities or Capabilities(32, idempotent=False, receipts="none")
        self.handed: list[tuple[Outgoing, Answer]] = []
        self.looked_up: list[str] = []
        self._decide, self._found = decide, found

    @property
    def reached(self) -> list[Outgoing]:
        """The texts that a person may have received: accepted, or uncertain."""
        return [one for one, answer in self.handed if isinstance(answer, Accepted | Uncertain)]

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """Answer at once as decided; see `WayOut`."""
        for one in outgoing:
            answer = TOO_LATE if time.monotonic() >= one.deadline else self._decide(one)
            self.handed.append((one, answer))
            yield one.touch_id, answer

    def look_up(self, touches: Sequence[str], *, brand: str) -> Iterator[tuple[str, Found]]:  # noqa: ARG002
        """Answer at once as decided; see `LooksUp`."""
        for touch in touches:
            self.looked_up.append(touch)
            yield touch, self._found(touch)

    def close(self) -> None:
        """There is nothing to let go of; what was kept stays."""
