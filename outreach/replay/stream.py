"""How does a replay tell what it finds while it still passes, to somebody who may go away?

Line by line, from a thread of its own through a short queue: who reads slowly slows it down, and
who stops reading ends it. What goes wrong is the last line, since the answer has begun by then.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from queue import Empty, Full, Queue
from threading import Event, Thread
from weakref import finalize

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import OutreachError
from outreach.replay import asked, load, shown
from outreach.replay.asked import Heard, Question
from outreach.replay.compared import Change
from outreach.replay.ground import Ground
from outreach.replay.load import Carries
from outreach.replay.model import Row

log = logging.getLogger(__name__)

Line = Mapping[str, object]
_AHEAD = 200  # lines that nobody has read yet
_LOOK = 0.5  # seconds between two looks at whether the reader is still there
_LOOKS = 120  # after so many at one line the reader counts as gone


class _Gone(Exception):  # it names what happened, and leaves this module nowhere
    """The reader went away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, at most so many rows and changes told of each, and what load is held against."""

    question: Question
    most: int = 1000
    capacities: list[Carries] = field(default_factory=list)
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    scale: int = 1


class Lines(Iterator[Line]):
    """`at` as the days pass, `row` and `change` of contacts, then `answer`, or `error`.

    The days pass as soon as there is one of these, and no further once nobody holds it any more.
    `ended` is called when they have, however that came.
    """

    def __init__(
        self,
        app: Outreach,
        brand: BrandRef,
        wanted: Wanted,
        *,
        place: Callable[[], AbstractContextManager[Ground]],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        teller = _Teller(app, brand, wanted, place, ended)
        self._queue = teller.queue
        self._thread = Thread(target=teller.run, name="replay", daemon=True)
        self._thread.start()
        finalize(self, teller.left.set)

    def __next__(self) -> Line:
        while True:
            over = not self._thread.is_alive()
            try:
                return self._queue.get(timeout=0 if over else _LOOK)
            except Empty:
                if over:
                    raise StopIteration from None


@dataclass(slots=True)
class _Teller:
    app: Outreach
    brand: BrandRef
    wanted: Wanted
    place: Callable[[], AbstractContextManager[Ground]]
    ended: Callable[[], None]
    left: Event = field(default_factory=Event)
    queue: "Queue[Line]" = field(default_factory=lambda: Queue(_AHEAD))
    told: dict[str, int] = field(default_factory=dict)
    day: str = ""

    def run(self) -> None:
        """Let the days pass. What goes wrong is told by its code, and never by what rows hold."""
        try:
            self._pass()
        except _Gone:
            log.info("a replay ended, since nobody reads it any more")
        except OutreachError as error:
            self._last({"error": {"code": error.code, "sentence": error.sentence}})
        except Exception as error:  # noqa: BLE001  # the edge of the thread; its text may quote a row
            log.error("a replay broke off: unexpected %s", type(error).__qualname__)  # noqa: TRY400
            self._last({"error": {"code": "unexpected", "sentence": "the replay broke off"}})
        finally:
            self.ended()

    def _pass(self) -> None:
        wanted = self.wanted
        heard = Heard(row=self._row, change=self._change, progress=self._progress)
        with self.place() as ground:
            said = asked.answer(self.app, self.brand, ground, wanted.question, heard)
        broken = load.breaks(said.totals.hours, wanted.capacities, scale=wanted.scale)
        prices, scale = wanted.prices, wanted.scale
        self._put({"answer": shown.document(said, prices=prices, broken=broken, scale=scale)})

    def _progress(self, at: datetime) -> None:
        """A line a day of the replay, so that a long one is not taken for a dead one."""
        if self.left.is_set():
            raise _Gone
        if self.day != (day := at.date().isoformat()):
            self.day = day
            self._put({"at": at.isoformat()})

    def _row(self, row: Row) -> None:
        self._some("row", row.document())

    def _change(self, change: Change) -> None:
        self._some("change", asdict(change) | {"sort": change.sort()})

    def _some(self, kind: str, document: Mapping[str, object]) -> None:
        told = self.told.get(kind, 0)
        if told < self.wanted.most:
            self.told[kind] = told + 1
            self._put({kind: document})
        elif self.left.is_set():
            raise _Gone

    def _put(self, line: Line) -> None:
        for _ in range(_LOOKS):
            if self.left.is_set():
                break
            try:
                self.queue.put(line, timeout=_LOOK)
            except Full:
                continue
            return
        raise _Gone

    def _last(self, line: Line) -> None:
        try:
            self._put(line)
        except _Gone:
            log.info("nobody reads any more that a replay broke off")
