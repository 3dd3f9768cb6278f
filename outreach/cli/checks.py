"""`outreach check`."""

import os

import typer

from outreach import checks
from outreach.cli.session import JsonOption, answer, answer_rows, say
from outreach.settings import Settings


def check(json: JsonOption = False) -> None:
    """Say what is installed, what is configured, and what is wrong."""
    report = checks.check(Settings.read(os.environ))
    if json:
        answer(report, as_json=True)
    else:
        rows = [{"what": f.name, "state": f.state, "": f.sentence} for f in report.findings]
        answer_rows(rows, columns=("what", "state", ""), as_json=False, none="")
        say(", ".join(f"{name} {number}" for name, number in report.versions.items()))
    if not report.good:
        raise typer.Exit(1)
