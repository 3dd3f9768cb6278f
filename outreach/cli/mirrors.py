"""Commands about mirrors."""

from typing import Annotated

import typer

from outreach.callbacks.mirrors import catalogue, showing, store
from outreach.callbacks.mirrors.protocol import Connected
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, opened
from outreach.errors import Invalid

cli = typer.Typer(no_args_is_help=True)

KeyArgument = Annotated[str, typer.Argument(help="Your own name of the mirror.")]


@cli.command("add")
def add(
    key: KeyArgument,
    kind: Annotated[str, typer.Argument(help="webhook, zendesk or hubspot.")],
    url: Annotated[str, typer.Option(help="Where it is: https://…")],
    secret: Annotated[str, typer.Option(help="What signs, or logs in there.")],
    brand: BrandOption,
    *,
    setting: Annotated[
        list[str] | None, typer.Option(help="What else it needs: NAME=TEXT.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the calls in another system; says the address for what comes back, this once."""
    settings = dict(_pair(one) for one in setting or ())
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        connected = Connected(url, secret, settings)
        token = store.add(tx, ref, key, kind, connected, sealing=app.sealing, now=app.means.clock())
        back = f"{app.settings.public_url.rstrip('/')}/calls/{token}"
    answer({"mirror": key, "address": back}, as_json=json, text=f"{key}: dispositions to {back}")


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show the mirrors of the brand, how many calls each has seen, and what went wrong last."""
    with opened() as app, app.means.database.begin(ref := app.brand(brand)) as tx:
        rows = [
            {"mirror": one.key, "kind": one.kind, "shown": one.shown, "failure": one.failure}
            for one in store.every(tx, ref, sealing=app.sealing)
        ]
    columns = ("mirror", "kind", "shown", "failure")
    answer_rows(rows, columns=columns, as_json=json, none="the calls are shown nowhere else")


@cli.command("kinds")
def kinds(json: JsonOption = False) -> None:
    """Show the kinds of mirrors, and which settings each needs."""
    rows = [{"kind": one.name, "needs": " ".join(one.needs)} for one in catalogue.MIRRORS.values()]
    answer_rows(rows, columns=("kind", "needs"), as_json=json, none="")


@cli.command("show")
def show(brand: BrandOption, json: JsonOption = False) -> None:
    """Show now what has changed; a worker does so by itself."""
    done = 0
    with opened() as app:
        ref, send = app.brand(brand), showing.through(app.guard)
        while some := showing.show(app.means, ref, sealing=app.sealing, send=send):
            done += some
    answer({"shown": done}, as_json=json, text=f"{done} calls were shown")


@cli.command("retire")
def retire(key: KeyArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Show nothing there any more, and hear nothing from it."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        store.retire(tx, key, now=app.means.clock())
    answer({"mirror": key}, as_json=json, text=f"{key} is retired")


def _pair(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not sign:
        raise Invalid(f"{written!r} is no setting: write NAME=TEXT")
    return name.strip(), value.strip()
