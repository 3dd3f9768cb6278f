"""How good was each figure at earlier times, and has it fallen by half?

A line of JSON for each run that was noted (`make bench ARGS=--note`), in the order in which they
ran. Machines differ, so that ratios are compared and never rates.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

BOOK = Path(__file__).parent / "history.jsonl"
PLOT = Path(__file__).parent.parent / "docs" / "performance.svg"
_WIDE, _HIGH, _LEFT, _BAR = 760, 22, 330, 300
_LETTERS = 'font-family="sans-serif" font-size="12"'
_HALF = 2.0

Run = Mapping[str, Any]  # a document of `figures`, with `at` and `load`


def runs(book: Path = BOOK) -> list[Run]:
    """All that were noted, oldest first."""
    if not book.exists():
        return []
    return [json.loads(line) for line in book.read_text(encoding="utf-8").splitlines()]


def note(document: Mapping[str, object], *, at: datetime, book: Path = BOOK) -> None:
    """Add a run, with how busy the machine was."""
    load = [round(one, 1) for one in os.getloadavg()]
    line = json.dumps({"at": at.isoformat(timespec="minutes"), "load": load, **document})
    with book.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")


def newest(told: Iterable[Run]) -> dict[str, Mapping[str, Any]]:
    """Each figure as it was measured last, by name and floor."""
    return {name(one): one for run in told for one in run["figures"]}


def name(figure: Mapping[str, Any]) -> str:
    """A figure's name with what it was held against."""
    return f"{figure['name']}, beside {figure['beside']}"


def reach(figure: Mapping[str, Any]) -> float:
    """How good it is beside what it must be: one is just enough, two is twice as good."""
    ratio, must = figure["ratio"], figure["must"]
    return float(ratio / must if figure["unit"] == "1/s" else must / ratio)


def fallen(now: Iterable[Mapping[str, Any]], told: Iterable[Run]) -> list[str]:
    """A sentence for each figure that is only half as good as it was last, or worse."""
    before = newest(told)
    return [
        f"{name(one)}: the ratio is {one['ratio']:.3g}, and was {before[name(one)]['ratio']:.3g}"
        for one in now
        if name(one) in before and reach(one) * _HALF < reach(before[name(one)])
    ]


def drawn(told: Sequence[Run]) -> str:
    """A bar for each figure as it was last: how far it reaches of what it must, as SVG."""
    last = list(newest(told).values())
    rows = [line for place, one in enumerate(last) for line in _bar(place, one)]
    high = _HIGH * (len(last) + 1)
    middle = _LEFT + _BAR // 2
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{high}" {_LETTERS}>',
        *rows,
        f'<line x1="{middle}" x2="{middle}" y1="0" y2="{high - _HIGH}" stroke="#333333"/>',
        f'<text x="{middle}" y="{high - 6}" text-anchor="middle">as good as it must be</text>',
        "</svg>\n",
    ])  # fmt: skip


def _bar(place: int, figure: Mapping[str, Any]) -> tuple[str, str, str]:
    """Its name, a bar that ends in the middle when it is just good enough, and its ratio."""
    top, far = place * _HIGH, min(2.0, reach(figure)) * _BAR / 2
    colour = "#2b7a4b" if figure["met"] else "#b3402e"
    return (
        f'<text x="{_LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(name(figure))}</text>',
        f'<rect x="{_LEFT}" y="{top + 4}" width="{far:.0f}" height="14" fill="{colour}"/>',
        f'<text x="{_LEFT + far + 6:.0f}" y="{top + 15}">{figure["ratio"]:.3g}</text>',
    )
