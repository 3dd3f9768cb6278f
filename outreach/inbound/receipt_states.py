"""What becomes of a touch of which a provider tells how it fared?

Pure. The same whatever the order in which receipts come, and however often: what reached the person
outweighs what failed, and that outweighs what was only taken over.
"""

from collections.abc import Iterable

from outreach.channels.receipts import Kind
from outreach.enrolments.model import State

# A complaint, too, is made by somebody who has it.
_REACHED = frozenset({Kind.DELIVERED, Kind.READ, Kind.COMPLAINED})
# In this order: of several that failed it, the first names the reason.
_FELL_SHORT = (Kind.BOUNCED_HARD, Kind.FAILED)
# A touch that waits again, though the provider has it after all, must not go a second time.
_MAY_LEARN = {
    State.SENT: frozenset({State.PLANNED, State.CLAIMED, State.CALLING, State.UNCERTAIN}),
    State.FAILED: frozenset({State.CALLING, State.UNCERTAIN, State.SENT}),
    State.DELIVERED: frozenset(
        {
            State.PLANNED, State.CLAIMED, State.CALLING, State.UNCERTAIN, State.SENT, State.FAILED,
        }
    ),
}  # fmt: skip


def told(kinds: Iterable[str]) -> tuple[State, str | None]:
    """The state, and the reason, that all receipts of one touch together speak for.

    A soft bounce is a step of a delivery that goes on: the provider has it, and no more is known.
    """
    heard = set(kinds)
    if heard & _REACHED:
        return State.DELIVERED, None
    short = next((kind for kind in _FELL_SHORT if kind in heard), None)
    return (State.FAILED, short.value) if short else (State.SENT, None)


def after(state: State, kinds: Iterable[str]) -> tuple[State, str | None] | None:
    """Where a touch in this state goes; None when it stays."""
    new, reason = told(kinds)
    return (new, reason) if state in _MAY_LEARN[new] else None
