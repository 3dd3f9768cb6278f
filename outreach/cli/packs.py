"""Commands about the packs of calling hours; they need neither settings nor servers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach import clock
from outreach.cli.session import JsonOption, answer
from outreach.hours import counsel, packs, soundness
from outreach.hours.soundness import Finding

cli = typer.Typer(no_args_is_help=True)

OnOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="A date, else today in UTC.")
]
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="Other packs than the product's.", file_okay=False)
]


@cli.command("check")
def check(on: OnOption = None, folder: FolderOption = None, json: JsonOption = False) -> None:
    """Say where rows are missing, disagree, name what is not there, begin soon or are over."""
    law, day = packs.load(folder), (on or clock.system()).date()
    found = soundness.findings(law, on=day)
    data = {"version": law.version, "on": day, "findings": found}
    answer(data, as_json=json, text="\n".join([*map(_line, found), f"packs {law.version}"]))
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(1)


@cli.command("show")
def show(jurisdiction: str, on: OnOption = None, json: JsonOption = False) -> None:
    """Print all that is held of a country or part of one, for counsel to read."""
    paper = counsel.sheet(packs.load(), jurisdiction, on=(on or clock.system()).date())
    answer(paper, as_json=json, text=counsel.told(paper))


def _line(finding: Finding) -> str:
    return f"{finding.level}: {finding.kind}: {finding.sentence}"
