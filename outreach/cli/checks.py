"""`outreach check`."""

import os
from typing import Annotated

import typer

from outreach import checks
from outreach.cli.session import JsonOption, answer, answer_rows, say
from outreach.settings import Settings


def check(
    live: Annotated[bool, typer.Option("--live", help="Ask how it is doing just now.")] = False,
    json: JsonOption = False,
) -> None:
    """Say what is installed, what is configured, and what is wrong."""
    settings = Settings.read(os.environ)
    report = checks.live(settings) if live else checks.check(settings)
    if json:
        answer(report, as_json=True)
    else:
        rows = [{"what": f.name, "state": f.state, "": f.sentence} for f in report.findings]
        answer_rows(rows, columns=("what", "state", ""), as_json=False, none="")
        say(", ".join(f"{name} {number}" for name, number in report.versions.items()))
    if not report.good:
        raise typer.Exit(1)
