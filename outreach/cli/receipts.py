"""Commands about receipts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.session import JsonOption, answer, opened, readable
from outreach.errors import Invalid
from outreach.inbound import returned
from outreach.inbound.returned import LARGEST

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def about() -> None:
    """What is heard of messages afterwards."""


@cli.command("mail")
def mail(
    file: Annotated[Path | None, typer.Argument(help="The mail; standard input if none.")] = None,
    json: JsonOption = False,
) -> None:
    """Take in a mail that came back: a report of a delivery, or of a complaint."""
    raw = _mail(file)
    if len(raw) > LARGEST:
        raise Invalid(f"the mail has more than {LARGEST} bytes: no report is so large")
    with opened() as app:
        [told] = returned.take_in(app.means, app.returns, [raw])
    about = f"{told.touch} of {told.brand}: {', '.join(told.kinds)}" if told.touch else ""
    answer(told, as_json=json, text=about or told.became)


def _mail(file: Path | None) -> bytes:
    if file is None:
        return sys.stdin.buffer.read(LARGEST + 1)
    with readable(file), file.open("rb") as opened_file:
        return opened_file.read(LARGEST + 1)
