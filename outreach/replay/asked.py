"""What would happen, or what happened, and what would another version have done?"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from outreach.app import Outreach
from outreach.db.engine import BrandRef
from outreach.errors import Invalid
from outreach.replay import compared, given, history, rows, totals
from outreach.replay.compared import Change
from outreach.replay.ground import Ground
from outreach.replay.history import Held
from outreach.replay.model import Row
from outreach.replay.moments import Days
from outreach.replay.run import Draft, Stand, live_through, stand
from outreach.replay.totals import Totals

NOW, BEFORE = "said", "said_before"
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Which campaign, in which days or by which events, and against which version.

    Without a `draft` the versions that were live then are asked. `events` are lines of a file;
    they say which days, unless `days` does.
    """

    key: str
    draft: Draft | None = None
    days: Days | None = None
    events: Iterable[bytes] | None = None
    against: int | None = None
    every: timedelta = timedelta()
    check: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """Who hears what, while it lasts: each row, each change, and how far the days have come."""

    row: Callable[[Row], None] = lambda _: None
    change: Callable[[Change], None] = lambda _: None
    progress: Callable[[datetime], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Answer:
    """Sums of one replay; of a comparison how many contacts change and how, the first of them."""

    key: str
    days: Days
    totals: Totals
    looks: int
    pack: str
    changes: Counter[str] = field(default_factory=Counter)
    changed: Sequence[Change] = ()
    held: Held | None = None


def answer(
    app: Outreach, brand: BrandRef, ground: Ground, question: Question, heard: Heard | None = None
) -> Answer:
    """Let the days pass, twice where two versions are compared, and sum up what became of all.

    Raises `Invalid` for a question without days, a draft that could not go live or an event that
    cannot be read, `NotFound` for a campaign or version that there is not.
    """
    with stand(app, brand, ground) as on:
        return answered(on, question, heard or Heard())


def answered(on: Stand, question: Question, heard: Heard) -> Answer:
    """The same on ground that has been prepared, and on which more may be looked up then."""
    days = _days(on, question)
    _known(on, question)
    if question.against is not None:
        other = Draft(question.key, version=question.against)
        live_through(on, days, draft=other, every=question.every, tell=heard.progress)
        _write_down(on, question, days, into=BEFORE)
    looks = live_through(on, days, draft=question.draft, every=question.every, tell=heard.progress)
    _write_down(on, question, days, into=NOW)
    summed = _summed(on, question, heard)
    said = Answer(question.key, days, summed, looks, on.means.packs.version)
    if question.check:
        with on.filler.begin() as tx:
            said = replace(said, held=history.against(tx, days))
    return _compared(on, said, heard) if question.against is not None else said


def _days(on: Stand, question: Question) -> Days:
    days = question.days
    if question.events is not None:
        with on.filler.begin() as tx:
            told = given.take_in(tx, on.brand, question.events, now=on.app.means.clock())
        days = days or told.days
    if days is None:
        raise Invalid("say which days: from when until when, or by which events")
    if days.since >= days.until:
        raise Invalid(
            f"{days.since.isoformat()} is not before {days.until.isoformat()}: no day lies between"
        )
    return days


def _known(on: Stand, question: Question) -> None:
    """Raises `NotFound` for a campaign that is neither there nor a draft."""
    if question.draft is None:
        with on.app.means.database.reading(on.brand) as tx:
            on.app.means.book.of(tx, question.key)


def _write_down(on: Stand, question: Question, days: Days, *, into: str) -> None:
    with on.filler.begin() as tx:
        rows.write_down(tx, days, into=into)
        compared.note_versions(tx, into, key=question.key)


def _summed(on: Stand, question: Question, heard: Heard) -> Totals:
    summed = Totals()
    for row in totals.counted(rows.read(on, table=NOW, key=question.key), summed):
        heard.row(row)
    return summed


def _compared(on: Stand, said: Answer, heard: Heard) -> Answer:
    counts: Counter[str] = Counter()
    first: list[Change] = []
    with on.filler.connect() as ground:
        for change in compared.changes(ground, old=BEFORE, new=NOW):
            counts[change.sort()] += 1
            heard.change(change)
            if len(first) < _SHOWN:
                first.append(change)
    return replace(said, changes=counts, changed=tuple(first))
