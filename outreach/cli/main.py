"""Which command was meant, and how does it end?

Exit codes: 0 done, 1 something could not be done or does not add up, 2 the request was wrong,
3 the installation is misconfigured, 4 a server is away.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from outreach.cli.index import Index
from outreach.errors import CallerError, Invalid, Misconfigured, OutreachError, Trouble

cli = typer.Typer(
    cls=Index,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_EXIT = {CallerError: 2, Misconfigured: 3, Trouble: 4}


def main() -> None:
    """Run the command line; an error of ours is one sentence and an exit code."""
    try:
        cli()
    except OutreachError as error:
        _tell(error)
        sys.exit(next((code for kind, code in _EXIT.items() if isinstance(error, kind)), 1))
    except Exception as error:
        if (unmade := _unmade(error)) is None:
            raise
        _tell(unmade)
        sys.exit(_EXIT[Misconfigured])


def _unmade(error: Exception) -> Misconfigured | None:
    """What to say where a statement failed: each is tested, so a table or a right is lacking."""
    from sqlalchemy.exc import ProgrammingError  # noqa: PLC0415  # slow to load

    if not isinstance(error, ProgrammingError):
        return None
    said = str(error.orig).partition("\n")[0]
    return Misconfigured(f"the database is not made for this ({said}): see `outreach check`")


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(version("outreach"))
        raise typer.Exit


@cli.callback()
def about(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """The right words to the right person at a lawful hour, once, and always able to say why."""


def _tell(error: OutreachError) -> None:
    from outreach.cli.session import aside  # noqa: PLC0415  # most words end without an error

    aside(f"error: {' '.join(error.sentence.split())}", style="red")
    for problem in error.problems if isinstance(error, Invalid) else ():
        aside(f"  {problem}")
