"""Commands about secrets that are kept for others."""

import typer

from outreach.brands import store as brands
from outreach.callbacks.mirrors import store as mirrors
from outreach.cli.session import JsonOption, answer, opened
from outreach.events.sources import store

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def about() -> None:
    """What is kept sealed for others."""


@cli.command("seal")
def seal(json: JsonOption = False) -> None:
    """Seal every secret with the master key in use; afterwards former keys may go."""
    sealed = {}
    with opened() as app:
        for key, brand in brands.directory(app.means.database).items():
            with app.means.database.begin(brand) as tx:
                sealed[key] = store.seal(tx, sealing=app.sealing)
                sealed[key] += mirrors.seal(tx, brand, sealing=app.sealing)
    told = ", ".join(f"{key}: {many}" for key, many in sealed.items() if many)
    answer({"sealed": sealed}, as_json=json, text=f"sealed {told}" if told else "all are sealed")
