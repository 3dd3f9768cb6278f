"""What would we put before counsel about one place?

Everything the packs hold of it, in words: its own rows and those of its country, what no row speaks
of, and until when a refusal must be heeded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from optout.model import Purpose
from outreach.errors import NotFound
from outreach.hours.model import ANYWHERE, AttemptCap, Deadline, Rule, Week, Window
from outreach.hours.pack_file import DAYS
from outreach.hours.packs import Packs
from outreach.hours.soundness import is_place, unspoken
from outreach.sentences import nearest

DISCLAIMER = "engineering reference, not legal advice"

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in words; times are those of the person's clock, ends exclusive."""

    id: str
    jurisdiction: str
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    audience: str
    sector: str | None
    hours: str
    holidays: str
    caps: tuple[str, ...]
    in_force: str
    basis: str
    binding: bool
    source: str
    confidence: str
    evidence: str
    seen: str
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A place as the packs have it; `house` are the rows that stand in where no row has a clock."""

    jurisdiction: str
    version: str
    disclaimer: str
    rows: tuple[Row, ...]
    unspoken: tuple[str, ...]
    house: tuple[Row, ...]
    classes: Mapping[str, str]
    deadlines: tuple[Deadline, ...]


def sheet(packs: Packs, jurisdiction: str, *, on: date) -> Sheet:
    """All of one country (`US`) or part of one (`US-FL`). Raises `NotFound` for what is neither."""
    code = jurisdiction.upper()
    country = code.partition("-")[0]
    known = {rule.jurisdiction for rule in packs.rules}
    if code not in known and not is_place(code):
        raise NotFound(f"there is no place called {jurisdiction!r}{nearest(code, known)}")
    here = {country, code}
    return Sheet(
        jurisdiction=code,
        version=packs.version,
        disclaimer=DISCLAIMER,
        rows=tuple(_row(rule) for rule in packs.rules if rule.jurisdiction in here),
        unspoken=tuple(unspoken(packs, country, on=on)),
        house=tuple(_row(rule) for rule in packs.rules if rule.jurisdiction == ANYWHERE),
        classes={purpose: packs.purpose_class(purpose, code) for purpose in Purpose},
        deadlines=tuple(d for d in packs.deadlines if d.jurisdiction in here),
    )


def _row(rule: Rule) -> Row:
    return Row(
        id=rule.id,
        jurisdiction=rule.jurisdiction,
        channels=(*rule.channels, *(f"{name} (not offered)" for name in rule.beyond)),
        purposes=rule.purposes,
        audience=rule.audience,
        sector=rule.sector,
        hours="; ".join(_hours(rule)),
        holidays=_holidays(rule),
        caps=tuple(_cap(cap) for cap in rule.caps),
        in_force=_span(rule),
        basis=rule.basis,
        binding=rule.binding,
        source=rule.source,
        confidence=rule.confidence,
        evidence=rule.evidence,
        seen=rule.seen,
        note=rule.note,
    )


def _hours(rule: Rule) -> Iterator[str]:
    yield week(rule.windows) if rule.windows else "no clock of its own"
    if rule.eve_windows is not None:
        yield f"the day before a holiday {windows(rule.eve_windows)}"
    if rule.ramadan_windows is not None:
        yield f"in Ramadan {windows(rule.ramadan_windows)}"
    if rule.also_zones:
        yield f"on the clock of {' and '.join(rule.also_zones)} too"


def week(days: Week) -> str:
    """Seven days in words, equal neighbours together: `mon-fri 09:00-20:00; sat-sun closed`."""
    runs = groupby(zip(DAYS, days, strict=True), key=lambda day: day[1])
    return "; ".join(f"{_run([name for name, _ in run])} {windows(one)}" for one, run in runs)


def _run(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"


def windows(day: tuple[Window, ...]) -> str:
    """The windows of one day in words."""
    return ", ".join(f"{_clock(w.opens)}-{_clock(w.closes)}" for w in day) or "closed"


def _clock(minutes: int) -> str:
    over, rest = divmod(minutes, 24 * 60)
    hour, minute = divmod(rest, 60)
    if over and not rest:
        return "24:00"
    return f"{hour:02}:{minute:02}{' of the next day' if over else ''}"


def _holidays(rule: Rule) -> str:
    if rule.holidays_allowed:
        return "open"
    lists = (*rule.calendars, *rule.closed_on)
    return f"closed ({', '.join(lists)})" if lists else "closed"


def _cap(cap: AttemptCap) -> str:
    whole = cap.per > A_DAY and not cap.per % A_DAY
    span = f"{cap.per.days} days" if whole else f"{cap.per // timedelta(hours=1)} hours"
    kind = "rolling" if cap.rolling else "by the calendar"
    return f"{cap.max} {cap.counts} in {span}, {kind} ({cap.scope})"


def _span(rule: Rule) -> str:
    first = f"from {rule.effective_from}" if rule.effective_from else ""
    last = f"until {rule.effective_to}" if rule.effective_to else ""
    return " ".join(part for part in (first, last) if part) or "undated"


def told(paper: Sheet) -> str:
    """The sheet as a text to print."""
    parts = [f"{paper.jurisdiction}: {paper.disclaimer}. Packs {paper.version}."]
    parts += [_told(row) for row in paper.rows] or ["No row speaks of this place."]
    parts.append(f"Our purposes there: {', '.join(f'{p} = {c}' for p, c in paper.classes.items())}")
    if paper.unspoken:
        parts.append("No row speaks of " + "; ".join(paper.unspoken))
    parts.append("\n".join(("Where no row has a clock, the house's stand in:", *_brief(paper))))
    parts += [
        f"To heed a refusal by {', '.join(d.channels)}: {d.within} ({d.source}). {d.note}".rstrip()
        for d in paper.deadlines
    ]
    return "\n\n".join(parts)


def _brief(paper: Sheet) -> Iterator[str]:
    for row in paper.house:
        about = f"{', '.join(row.channels)}: {', '.join(row.purposes)}"
        yield f"  {row.id}  {about}  {row.hours}; holidays {row.holidays}"


def _told(row: Row) -> str:
    force = "binding" if row.binding else "not binding"
    lines = {
        "for": f"{', '.join(row.purposes)} by {', '.join(row.channels)} to {row.audience}"
        + (f", sector {row.sector}" if row.sector else ""),
        "hours": f"{row.hours}; holidays {row.holidays}",
        "caps": "; ".join(row.caps),
        "in force": row.in_force,
        "basis": f"{row.basis}, {force}; {row.confidence}, {row.evidence}",
        "source": row.source,
        "seen": row.seen,
        "note": row.note,
    }
    told_lines = (f"  {name:<9} {text}" for name, text in lines.items() if text)
    return "\n".join((f"{row.id} ({row.jurisdiction})", *told_lines))
