"""Commands about hours; the packs that come with the product need neither settings nor servers."""

import typer

from outreach.cli import packs

cli = typer.Typer(no_args_is_help=True)
cli.add_typer(packs.cli, name="packs", help="The rules of places, dated and sourced.")

