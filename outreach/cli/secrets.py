"""Commands about secrets that are kept for others."""

import typer

from outreach.access import factors
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
        with app.means.database.access() as tx:
            users = factors.seal(tx, sealing=app.sealing)
    parts = [f"{key}: {many}" for key, many in sealed.items() if many]
    parts += [f"second factors of users: {users}"] if users else []
    text = f"sealed {', '.join(parts)}" if parts else "all are sealed"
    answer({"sealed": sealed, "users": users}, as_json=json, text=text)
