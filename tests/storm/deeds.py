"""What do a shop and its customers do while the storm blows? They report, and they opt out.

Both over HTTP, and both again and again until they are answered, as shops and mail programs do.
"""

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

from optout.model import Action
from outreach import ids
from outreach.errors import Trouble
from tests.storm import crowd, faults
from tests.storm.crowd import Somebody
from tests.storm.faults import Beside
from tests.storm.judge import OptOut
from tests.storm.stage import Stage

_BATCH = 50
_AGAIN = 0.2  # seconds


@dataclass
class Deeds:
    """What was told and answered so far, and what is being done beside the faults."""

    on: Stage
    told: set[str] = field(default_factory=set)
    opt_outs: list[OptOut] = field(default_factory=list)
    begun: list[Beside] = field(default_factory=list)

    def report(self, *, pause: float = 0.0) -> None:
        """Tell of every parcel, some of them twice, in batches so many seconds apart."""
        self._begin(lambda: self._report(pause))

    def opt_out(self, people: Sequence[Somebody], *, work: int, at_once: int = 1) -> None:
        """Let these people opt out, evenly spread over the work."""
        for turn in range(at_once):
            ours = people[turn::at_once]
            self._begin(lambda ours=ours: self._opt_out(ours, work=work))

    def finish(self) -> None:
        """Wait until all of it is done. Raises what went wrong in one of them."""
        for one in self.begun:
            one.finish()

    def _begin(self, job: Callable[[], None]) -> None:
        self.begun.append(faults.beside(job))

    def _report(self, pause: float) -> None:
        now = self.on.hand.now()
        for brand, shop in self.on.shops.items():
            ours = [s for s in self.on.people if s.brand == brand]
            for some in _batches(crowd.facts(ours, at=now)):
                told = [fact for _, fact in some]
                twice = told if ids.share("again", str(told[0]["id"])) < 0.05 else []
                for batch in filter(None, (told, twice)):
                    _until_answered(lambda b=batch, s=shop: s.report(b))
                self.told.update(str(fact["id"]) for fact in told)
                # Asked in vain, and on record: what is to be paused or resumed is neither.
                _until_answered(lambda s=shop: s.post("/campaigns/nothing/resume", {}))
                Event().wait(pause)

    def _opt_out(self, people: Sequence[Somebody], *, work: int) -> None:
        for number, somebody in enumerate(people):
            faults.await_work(self.on, work * number / len(people))
            shop = self.on.shops[somebody.brand]
            said = _until_answered(lambda s=somebody, h=shop: h.consent(s.ref, Action.WITHDRAW))
            in_air = frozenset(said["in_air"])
            self.opt_outs.append(OptOut(somebody.brand, somebody.ref, time.monotonic(), in_air))


def _until_answered(ask: Callable[[], dict[str, object]]) -> dict[str, object]:
    """The answer, however often one has to ask."""
    while True:
        try:
            return ask()
        except (Trouble, http.client.HTTPException):
            Event().wait(_AGAIN)


def some_of(people: Sequence[Somebody], how_many: int) -> list[Somebody]:
    """So many of them, drawn by their names, in an order that has nothing to do with the work's."""
    return sorted(people, key=lambda somebody: ids.share("opts out", somebody.ref))[:how_many]


def _batches(
    facts: Sequence[tuple[str, dict[str, object]]],
) -> Iterator[Sequence[tuple[str, dict[str, object]]]]:
    return (facts[at : at + _BATCH] for at in range(0, len(facts), _BATCH))
