"""What did the provider say, and what do we know from it?"""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from outreach.channels.protocol import Accepted, Answer, Refused, Uncertain
from outreach.dispatch import store
from outreach.dispatch.model import Reason, Touch
from outreach.dispatch.store import Ended, Moved

_SETTLE_EVERY = 1.0  # seconds: an answer is written down no later than this after it came
_COME_BACK = timedelta(minutes=5)  # when a provider that refused for now is asked again


def by_the_second(answers: Iterable[tuple[str, Answer]]) -> Iterator[list[tuple[str, Answer]]]:
    """The answers in groups, so that none waits longer than a second to be written down."""
    some: list[tuple[str, Answer]] = []
    since = time.monotonic()
    for one in answers:
        some.append(one)
        if time.monotonic() - since > _SETTLE_EVERY:
            yield some
            some, since = [], time.monotonic()
    if some:
        yield some


def settle(tx: Connection, answered: Sequence[tuple[Touch, Answer]], *, now: datetime) -> None:
    """Write down what the provider said, and move the touches accordingly."""
    store.answer(tx, [_ended(touch, said) for touch, said in answered], now=now)
    store.settle(tx, [_settled(touch, said, now) for touch, said in answered], now=now)


def _ended(touch: Touch, said: Answer) -> Ended:
    match said:
        case Accepted(provider_id):
            return Ended(touch.id, touch.fence, "accepted", provider_id, "")
        case Refused(reason, detail):
            return Ended(touch.id, touch.fence, "refused", None, f"{reason}: {detail}")
        case Uncertain(detail):
            return Ended(touch.id, touch.fence, "uncertain", None, detail)


def _settled(touch: Touch, said: Answer, now: datetime) -> Moved:
    match said:
        case Accepted():
            return Moved(touch.id, touch.fence, "sent")
        case Uncertain():
            return Moved(touch.id, touch.fence, "uncertain", "no_answer")
        case Refused(reason, permanent=True):
            return Moved(touch.id, touch.fence, "failed", reason)
        case Refused(retry_after=wait):
            due = now + (wait or _COME_BACK)
            return Moved(touch.id, touch.fence, "planned", Reason.PROVIDER_BUSY, due)
