"""What did the provider say, and what do we know from it?"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event

from sqlalchemy import Connection

from outreach import ids
from outreach.channels.protocol import Accepted, Answer, Refused, Uncertain
from outreach.channels.receipts import Kind, Told, Why, fell_short
from outreach.dispatch import attempts, claims, contacts, costs, entrusted, store
from outreach.dispatch.attempts import Ended
from outreach.dispatch.model import Reason, Touch
from outreach.dispatch.store import Moved

Said = tuple[str, Answer]  # touch id, and what the provider said

_OF_THE_ADDRESS = frozenset({Why.NO_SUCH_ADDRESS, Why.REFUSED_BEFORE})
_SETTLE_EVERY = 1.0  # seconds: an answer is written down no later than this after it came
_COME_BACK = timedelta(minutes=5)  # when a provider that refused for now is asked again


def by_the_second(answers: Iterable[Said]) -> Iterator[list[Said]]:
    """The answers in groups, so that none waits longer than a second to be written down.

    A thread draws them: while a provider lets us wait for the next one, the last is written down.
    """
    coming = Coming()
    with ThreadPoolExecutor(1, "answers") as thread:
        drawn = thread.submit(coming.draw, answers)
        yield from coming.groups()
        drawn.result()  # raises what the provider's module should not have raised


class Coming:
    """Answers on their way from the thread that draws them to whoever writes them down.

    Who writes is woken for the first of a group and for its end, and not for each.
    """

    def __init__(self) -> None:
        self.came: SimpleQueue[Said] = SimpleQueue()
        self.some, self.over = Event(), Event()

    def draw(self, answers: Iterable[Said]) -> None:
        """Let these come; however it ends, whoever writes down is told."""
        try:
            for one in answers:
                self.came.put(one)
                self.some.set()
        finally:
            self.over.set()
            self.some.set()

    def groups(self) -> Iterator[list[Said]]:
        """What came, no later than a second after the first of it; ends with the last answer."""
        over = False
        while not over:
            self.some.wait()
            self.over.wait(_SETTLE_EVERY)
            self.some.clear()  # before the look: what comes, or ends, after it sets this again
            over = self.over.is_set()
            if some := self._taken():
                yield some

    def _taken(self) -> list[Said]:
        some: list[Said] = []
        with suppress(Empty):
            while True:
                some.append(self.came.get_nowait())
        return some


def settle(
    tx: Connection,
    answered: Sequence[tuple[Touch, Answer]],
    *,
    now: datetime,
    patience: timedelta = store.PATIENCE,
) -> None:
    """Write down what the provider said, and move the touches accordingly.

    Touches before attempts, and touches in the order of their ids: so everybody locks them. A touch
    that is no longer this call's may have been taken for refused meanwhile.
    """
    claims.lock(tx, [touch.id for touch, _ in answered])
    moves = [_settled(touch, said, now) for touch, said in answered]
    ours = store.settle(tx, moves, now=now, patience=patience)
    attempts.answer(tx, [_ended(touch, said) for touch, said in answered], now=now)
    contacts.restore(tx, [touch.id for touch, _ in answered if touch.id not in ours])
    taken = [(touch.id, said) for touch, said in answered if isinstance(said, Accepted)]
    costs.fill(tx, [(id_, said.charge) for id_, said in taken if said.charge], now=now)
    waiting = ((id_, said.entrusted_to, said.provider_id) for id_, said in taken)
    entrusted.keep(tx, [(id_, to, given) for id_, to, given in waiting if to and given], now=now)


def said_of_addresses(answered: Iterable[tuple[Touch, Answer]]) -> Iterator[Told]:
    """What refusals say of the address, as receipts: nobody has it, or it refused before."""
    for touch, said in answered:
        if isinstance(said, Refused) and said.cause in _OF_THE_ADDRESS:
            shown = ids.shown(ids.TOUCH, touch.id)
            yield from fell_short(Told(Kind.FAILED, shown, why=said.cause, said=said.detail))


def _ended(touch: Touch, said: Answer) -> Ended:
    match said:
        case Accepted(provider_id, by=by):
            return Ended(touch.id, touch.fence, "accepted", provider_id, "", by or None)
        case Refused(reason, detail, by=by):
            told = f"{reason}: {detail}"
            return Ended(touch.id, touch.fence, "refused", None, told, by or None)
        case Uncertain(detail, by=by):
            return Ended(touch.id, touch.fence, "uncertain", None, detail, by or None)


def _settled(touch: Touch, said: Answer, now: datetime) -> Moved:
    match said:
        case Accepted():
            return Moved(touch.id, touch.fence, "sent")
        case Uncertain():
            return Moved(touch.id, touch.fence, "uncertain", "no_answer")
        case Refused(reason, permanent=True):
            return Moved(touch.id, touch.fence, "failed", reason)
        case Refused(retry_after=wait):
            due = min(now + (wait or _COME_BACK), touch.useless_after)
            return Moved(touch.id, touch.fence, "planned", Reason.PROVIDER_BUSY, due)
