"""Was anybody contacted twice, lost, after an opt-out, at an unlawful hour, or unaccounted for?

Pure: the providers' logs, the ledger's rows, the opt-outs and what the crowd makes lawful go in,
a judgement comes out. Each assertion is a function of its own and answers what speaks against it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from tests.storm.crowd import BRANDS, Somebody
from tests.storm.reading import Line, Row

_APART = timedelta(hours=4)  # of a brand's two contacts with one person, unless it says otherwise
_NAMED_WAITS = {"outside_hours", "capped", "outranked", "no_lawful_hour", "place_unknown"}


@dataclass(frozen=True, slots=True)
class OptOut:
    """A withdrawal over HTTP: when its answer came, and which touches that named as in the air."""

    brand: str
    ref: str
    answered: float
    in_air: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a judgement is made from."""

    people: Mapping[str, Somebody]  # by ref
    told: frozenset[str]  # the parcels that the shop was told were taken in
    lines: Sequence[Line]
    rows: Sequence[Row]
    opt_outs: Sequence[OptOut]
    at: Callable[..., tuple[datetime, datetime]]  # steady instant, seconds back → earliest, latest
    keys: bool  # whether the provider settles what is uncertain
    recovered: bool
    lasts: float  # seconds that a call may take
    broken: Sequence[str] = ()  # brands whose record of changes is not as it was written


@dataclass(slots=True)
class Judgement:
    """The figures, each assertion's answer, and what speaks against those that failed."""

    touches: int
    twice: int
    lost: int
    after_opt_out: int
    outside_hours: int
    open_named: int
    assertions: dict[str, bool] = field(default_factory=dict)
    against: dict[str, list[str]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return all(self.assertions.values())


def judge(story: Story) -> Judgement:
    """Hold the logs against the ledger."""
    against = {name: check(story) for name, check in ASSERTIONS.items()}
    lost = _lost(story)
    return Judgement(
        touches=len(story.rows),
        twice=len(against["A1"]),
        lost=len(lost),
        after_opt_out=len(against["A5"]),
        outside_hours=len(against["A6"]),
        open_named=sum(row.state == "uncertain" for row in story.rows),
        assertions={name: not said for name, said in against.items()},
        against={name: said[:5] for name, said in against.items() if said},
    )


def once(story: Story) -> list[str]:
    """A1: nobody was sent one touch twice."""
    sent = Counter(line.touch for line in story.lines)
    return [touch for touch, many in sent.items() for _ in range(many - 1)]


def accounted(story: Story) -> list[str]:
    """A2: each told fact has one touch, and each touch an end, or a wait with a name."""
    of = Counter(row.parcel for row in story.rows)
    unplanned = [parcel for parcel in sorted(story.told) if of[parcel] != 1]
    return unplanned + _lost(story)


def proven(story: Story) -> list[str]:
    """A3: what is called sent stands in a provider's log."""
    taken = {line.touch for line in story.lines}
    said = (row for row in story.rows if row.state in {"sent", "delivered"})
    return [row.touch for row in said if row.touch not in taken]


def written_before(story: Story) -> list[str]:
    """A4: whatever a provider took had an attempt written before it began."""
    known = {row.touch: row for row in story.rows}
    return [
        line.touch
        for line in story.lines
        if not (row := known.get(line.touch))
        or not any(a.started_at <= _since_mark(story, line)[1] for a in row.attempts)
    ]


def heeded(story: Story) -> list[str]:
    """A5: no call began after an opt-out was answered, but for those that the answer named.

    Those have to have begun while one call may last.
    """
    to = _lines_by_address(story)
    return [
        line.touch
        for said in story.opt_outs
        for line in to.get((said.brand, story.people[said.ref].address), ())
        if line.began > said.answered
        and (line.touch not in said.in_air or line.began > said.answered + story.lasts)
    ]


def lawful(story: Story) -> list[str]:
    """A6: every call began within the hours of where the person is."""
    refs = {row.touch: row.ref for row in story.rows}
    return [
        line.touch
        for line in story.lines
        if (ref := refs.get(line.touch))
        and not any(story.people[ref].lawful(at) for at in story.at(line.began))
    ]


def apart(story: Story) -> list[str]:
    """A7: two contacts with one person are as far apart as the brand has them.

    The first counts from its mark, and the clock may have been set since.
    """
    wrong = []
    for lines in _lines_by_address(story).values():
        began = sorted(lines, key=lambda line: line.began)
        for first, second in pairwise(began):
            if story.at(second.began)[1] - _since_mark(story, first)[0] < _APART:
                wrong.append(second.touch)
    return wrong


def own(story: Story) -> list[str]:
    """A8: each message went to its own person, from its own brand."""
    known = {row.touch: row for row in story.rows}
    return [
        line.touch
        for line in story.lines
        if not (row := known.get(line.touch))
        or line.to != story.people[row.ref].address
        or not _from(line, row.brand)
    ]


def worded(story: Story) -> list[str]:
    """A9: it said what it should have said of this parcel, and nothing else."""
    known = {row.touch: row for row in story.rows}
    return [
        line.touch
        for line in story.lines
        if not (row := known.get(line.touch)) or line.said != story.people[row.ref].told(row.parcel)
    ]


def on_record(story: Story) -> list[str]:
    """A10: who asked for which change stands as it was written, in one chain a brand."""
    return list(story.broken)


def recovered(story: Story) -> list[str]:
    """A12: two leases after the last fault nothing that was due is still waiting."""
    return [] if story.recovered else ["something was still due"]


ASSERTIONS: Mapping[str, Callable[[Story], list[str]]] = {
    "A1": once, "A2": accounted, "A3": proven, "A4": written_before, "A5": heeded, "A6": lawful,
    "A7": apart, "A8": own, "A9": worded, "A10": on_record, "A12": recovered,
}  # fmt: skip


def _lost(story: Story) -> list[str]:
    """Touches that no provider took and that nobody could find by a name for what became of them.

    Where the provider can be asked, an uncertain one that it never took is lost as well.
    """
    taken = {line.touch for line in story.lines}
    withdrawn = {(said.brand, said.ref) for said in story.opt_outs}
    return [
        row.touch
        for row in story.rows
        if row.touch not in taken
        and not _waits(row)
        and not (row.state == "skipped" and (row.brand, row.ref) in withdrawn)
        and not (row.state == "uncertain" and row.reason and not story.keys)
    ]


def _since_mark(story: Story, line: Line) -> tuple[datetime, datetime]:
    """The earliest and the latest that the clock showed from its mark on until the call began."""
    return story.at(line.began, story.lasts)


def _waits(row: Row) -> bool:
    return row.state == "planned" and row.reason in _NAMED_WAITS


def _lines_by_address(story: Story) -> dict[tuple[str, str], list[Line]]:
    brands = {row.touch: row.brand for row in story.rows}
    found: dict[tuple[str, str], list[Line]] = {}
    for line in story.lines:
        found.setdefault((brands.get(line.touch, ""), line.to), []).append(line)
    return found


def _from(line: Line, brand: str) -> bool:
    expected = BRANDS[brand] if line.channel == "sms" else f"care@{brand}.example"
    return expected in line.sender
