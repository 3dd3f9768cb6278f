"""Commands about secrets: what is kept sealed with them, and addresses hashed under them."""

from functools import partial

import typer

from outreach.access import factors
from outreach.app import Outreach
from outreach.brands import store as brands
from outreach.callbacks.mirrors import store as mirrors
from outreach.channels import own
from outreach.cli.session import BrandOption, JsonOption, answer, opened
from outreach.db import personal, resealing
from outreach.db.engine import BrandRef
from outreach.events.sources import store
from outreach.people import rehashing

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def about() -> None:
    """What is kept sealed for others."""


@cli.command("seal")
def seal(json: JsonOption = False) -> None:
    """Seal all under the keys in use, and what lies in the clear; afterwards former keys may go."""
    sealed, rows = {}, {}
    with opened() as app:
        for key, brand in brands.directory(app.means.database).items():
            with app.means.database.begin(brand) as tx:
                sealed[key] = store.seal(tx, sealing=app.sealing)
                sealed[key] += mirrors.seal(tx, brand, sealing=app.sealing)
                sealed[key] += own.seal(tx, brand, sealing=app.sealing)
                sealed[key] += app.means.database.vault.rewrap(tx, brand.id)
            rows[key] = _seal_rows(app, brand)
        with app.means.database.access() as tx:
            users = factors.seal(tx, sealing=app.sealing)
    parts = [f"{key}: {many}" for key, many in sealed.items() if many]
    parts += [f"rows of {key}: {many}" for key, many in rows.items() if many]
    parts += [f"second factors of users: {users}"] if users else []
    text = f"sealed {', '.join(parts)}" if parts else "all are sealed"
    answer({"sealed": sealed, "rows": rows, "users": users}, as_json=json, text=text)


@cli.command("rotate")
def rotate(brand: BrandOption, json: JsonOption = False) -> None:
    """Give the brand a new data key, and seal all its personal data anew with it."""
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            number = app.means.database.vault.add(tx, ref.id)
        rows = _seal_rows(app, ref)
    text = f"data key {number} seals from now on; {rows} rows were sealed anew"
    answer({"key": number, "rows": rows}, as_json=json, text=text)


@cli.command("hashes")
def hashes(json: JsonOption = False) -> None:
    """Make every address known by its hash under each secret, after a secret was replaced."""
    with opened() as app:
        every = brands.directory(app.means.database).items()
        done = {key: _rehash(app, brand) for key, brand in every}
    parts = [f"{key}: {many}" for key, many in done.items() if many]
    text = f"hashed {', '.join(parts)}" if parts else "all are known under every secret"
    answer({"addresses": done}, as_json=json, text=text)


def _rehash(app: Outreach, brand: BrandRef) -> int:
    """Hash the brand's addresses, and tell how far it is; broken off, it goes on next time."""
    many = 0
    for step in rehashing.rehash(partial(app.means.database.begin, brand), app.means.hasher):
        many += step
        typer.echo(f"{brand.key}: {many} addresses", err=True)
    return many


def _seal_rows(app: Outreach, brand: BrandRef) -> int:
    """Seal the brand's personal data, and tell how far it is; broken off, it goes on next time."""
    many = 0
    for field in personal.EVERY:
        here = 0
        for step in resealing.seal(partial(app.means.database.begin, brand), field):
            here += step
            typer.echo(f"{brand.key}: {field.name.decode()}: {here} rows", err=True)
        many += here
    return many
