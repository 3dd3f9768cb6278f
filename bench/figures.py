"""What is a figure of a bench, and is it as good as promised?

Machines differ and are noisy, so that no figure stands alone: in each round ours and a floor run
one after the other, and the median of the rounds' ratios counts. `must` is held, `beyond` is hoped
for. Rates have to reach them; seconds and bytes have to stay below.
"""

import json
import os
import platform
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

_ROW = "{:44}{:>14}{:>14}{:>10}{:>10}{:>10}  {}"
_VERSIONS = ("outreach", "psycopg", "sqlalchemy", "dramatiq", "fastapi", "pydantic")

Unit = Literal["s", "bytes", "rows", "1/s"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `ours` and `floor` have a number for each round, and `beside` names the floor."""

    name: str
    unit: Unit
    ours: tuple[float, ...]
    floor: tuple[float, ...]
    beside: str
    must: float
    beyond: float | None = None

    @property
    def ratio(self) -> float:
        """The median of ours beside the floor, round by round."""
        return statistics.median(a / b for a, b in zip(self.ours, self.floor, strict=True))

    @property
    def met(self) -> bool:
        """Whether it is as good as it must be."""
        return self.reaches(self.must)

    def reaches(self, aim: float) -> bool:
        """Whether the ratio is this good."""
        return self.ratio >= aim if self.unit == "1/s" else self.ratio <= aim


def sizes(doc: str | None, *usual: int) -> tuple[int, ...]:
    """The numbers given on the command line, with the usual ones in place of those left out.

    Ends with `doc` for `--help`, and with a sentence for a word that is no number or `--json`.
    """
    words = [word for word in sys.argv[1:] if word != "--json"]
    if {"--help", "-h"} & set(words):
        print(doc)
        sys.exit(0)
    if wrong := [word for word in words if not word.isdigit() or not int(word)]:
        sys.exit(f"{wrong[0]!r} is no size: give numbers from 1, or --json; --help tells which")
    if len(words) > len(usual):
        sys.exit(f"{len(words)} numbers are given, and this bench takes {len(usual)}; see --help")
    return (*map(int, words), *usual[len(words) :])


def of_rounds(
    rounds: Sequence[Mapping[str, float]],
    ours: str,
    floor: str,
    *,
    must: float,
    beyond: float | None = None,
    unit: Unit = "s",
) -> Figure:
    """The figure that two names of each round make."""
    return Figure(
        name=ours, unit=unit, beside=floor, must=must, beyond=beyond,
        ours=tuple(one[ours] for one in rounds), floor=tuple(one[floor] for one in rounds),
    )  # fmt: skip


def plain(figure: Figure) -> dict[str, object]:
    """As it stands in JSON: medians, and how many rounds there were."""
    return {
        "name": figure.name, "unit": figure.unit, "ours": statistics.median(figure.ours),
        "floor": statistics.median(figure.floor), "beside": figure.beside, "ratio": figure.ratio,
        "must": figure.must, "beyond": figure.beyond, "met": figure.met,
        "rounds": len(figure.ours),
    }  # fmt: skip


def report(figures: Iterable[Figure]) -> None:
    """Print a table, or with `--json` a document; ends with 1 when one is not met."""
    said = [plain(figure) for figure in figures]
    print(json.dumps(document(said)) if "--json" in sys.argv else table(said))
    sys.exit(0 if all(one["met"] for one in said) else 1)


def document(said: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The figures with what they were measured on."""
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "system": platform.system()}
    versions = {"python": platform.python_version()} | {name: version(name) for name in _VERSIONS}
    return {"figures": list(said), "machine": machine, "versions": versions}


def table(said: Sequence[Mapping[str, object]]) -> str:
    """One line a figure; the last word says whether it is met."""
    rows = [_ROW.format("figure", "ours", "floor", "ratio", "must", "met", "floor is")]
    for one in said:
        most = ">=" if one["unit"] == "1/s" else "<="
        rows.append(
            _ROW.format(
                one["name"], _sized(one["ours"], one["unit"]), _sized(one["floor"], one["unit"]),
                f"{one['ratio']:.3f}", f"{most} {one['must']}", "yes" if one["met"] else "NO",
                one["beside"],
            )
        )  # fmt: skip
    return "\n".join(rows)


def _sized(number: Any, unit: object) -> str:
    return f"{number * 1e3:.3f} ms" if unit == "s" else f"{number:,.0f} {unit}"
