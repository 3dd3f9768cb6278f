"""`outreach check`."""

import typer

from outreach import checks
from outreach.cli.session import JsonOption, answer, opened, out, table


def check(json: JsonOption = False) -> None:
    """Say what is installed, what is configured, and what is wrong."""
    versions = checks.versions()
    with opened() as app:
        findings = checks.check(app)
    if json:
        answer({"versions": versions, "findings": findings}, as_json=True)
    else:
        rows = [{"what": f.name, "state": f.state, "": f.sentence} for f in findings]
        out.print(table(rows, ("what", "state", "")))
        out.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    if not checks.good(findings):
        raise typer.Exit(1)
