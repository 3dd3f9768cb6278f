"""Who sends when the first provider surely did not?

Only what the first refused for now, and for a reason of its own, goes to the second: an account
that is not in order, no connection, a limit. What is uncertain never does, and neither does a
message that is at fault, since it would be at fault anywhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from outreach.channels.protocol import Answer, Capabilities, Outgoing, Refused, WayOut

_ITS_OWN = frozenset({"unreachable", "busy", "login"})


class InTurn:
    """Two ways out, the second for what the first surely did not send."""

    def __init__(self, first: WayOut, second: WayOut) -> None:
        self.within: tuple[WayOut, ...] = (first, second)
        self.capabilities = _both(first.capabilities, second.capabilities)
        self._first, self._second = first, second

    def hand_over(self, outgoing: Sequence[Outgoing]) -> Iterator[tuple[str, Answer]]:
        """The first's answers as they come, then the second's; see `WayOut`."""
        by_id = {one.touch_id: one for one in outgoing}
        left: list[Outgoing] = []
        for touch, answer in self._first.hand_over(outgoing):
            if surely_not_sent(answer):
                left.append(by_id[touch])
            else:
                yield touch, answer
        if left:
            yield from self._second.hand_over(left)

    def close(self) -> None:
        """Close both; see `WayOut`."""
        self._first.close()
        self._second.close()


def surely_not_sent(answer: Answer) -> bool:
    """Whether another provider may have this one."""
    return isinstance(answer, Refused) and not answer.permanent and answer.reason in _ITS_OWN


def _both(first: Capabilities, second: Capabilities) -> Capabilities:
    """What holds of both together.

    A key known to the first is not known to the second: a repeat might reach the other one. And
    neither can say what the other has taken. A text may reach either, so that it goes freely for as
    long as both take it.
    """
    bounds = [one.free_within for one in (first, second) if one.free_within is not None]
    receipts = first.receipts if first.receipts == second.receipts else "none"
    return replace(
        first,
        handful=min(first.handful, second.handful),
        idempotent=False,
        looks_up=False,
        receipts=receipts,
        provider_id=first.provider_id and second.provider_id,
        inbound=first.inbound or second.inbound,
        free_within=min(bounds, default=None),
    )
