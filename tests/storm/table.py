"""How are the results shown: to a buyer who wants to know, and to a machine?"""

import json
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.storm.scenarios import Result, Scenario

_COLUMNS = ("touches", "twice", "lost", "after opt-out", "outside hours", "open, named", "s")


def document(results: Mapping[str, Result]) -> str:
    """One JSON document."""
    return json.dumps({"scenarios": {name: _figures(one) for name, one in results.items()}})


def _figures(result: Result) -> dict[str, object]:
    said = result.judgement
    return {
        "touches": said.touches,
        "twice": said.twice,
        "lost": said.lost,
        "after_opt_out": said.after_opt_out,
        "outside_hours": said.outside_hours,
        "open_named": said.open_named,
        "assertions": said.assertions,
        "faults": dict(result.faults),
        "elapsed_s": round(result.elapsed, 1),
    }


def show(results: Mapping[Scenario, Result], console: Console) -> None:
    """A table, and below it what speaks against each assertion that does not hold."""
    table = Table(title="The storm", caption="Counted in the providers' own logs.")
    for column in ("", "what happened", *_COLUMNS, "holds"):
        right = column in _COLUMNS
        table.add_column(column, justify="right" if right else "left", min_width=5 * right)
    for scenario, result in results.items():
        said = result.judgement
        figures = (
            said.touches, said.twice, said.lost, said.after_opt_out, said.outside_hours,
            said.open_named, round(result.elapsed),
        )  # fmt: skip
        befell = ", ".join(f"{many} {name}" for name, many in result.faults.items())
        table.add_row(scenario.name, befell, *(f"{n:,}" for n in figures), _holds(result))
    console.print(table)
    for scenario, result in results.items():
        for name, against in result.judgement.against.items():
            console.print(f"{scenario.name} {name}: {', '.join(against)} …", style="red")


def _holds(result: Result) -> str:
    failed = [name for name, holds in result.judgement.assertions.items() if not holds]
    return f"[red]not {', '.join(failed)}[/red]" if failed else "yes"
