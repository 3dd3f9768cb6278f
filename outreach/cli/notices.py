"""Commands about notices for staff."""

from typing import Annotated

import typer

from outreach.app import Outreach
from outreach.cli.session import BrandOption, JsonOption, LanguageOption, answer, opened
from outreach.errors import Misconfigured
from outreach.notices import digest, robots, telling
from outreach.reports.reconcile import reconcile

cli = typer.Typer(no_args_is_help=True)


@cli.command("test")
def try_out(
    text: Annotated[str, typer.Option(help="What to tell.")] = "outreach: a test. 测试通知。",
    json: JsonOption = False,
) -> None:
    """Tell a sentence in every group chat of staff; ends with 1 when one did not take it."""
    with opened() as app:
        _tell(app, text, as_json=json)


@cli.command("digest")
def tell_digest(
    brand: BrandOption, language: LanguageOption = "en", json: JsonOption = False
) -> None:
    """Tell what became of each campaign's candidates, in every group chat of staff."""
    with opened() as app:
        with app.means.database.begin(app.brand(brand)) as tx:
            accounts = reconcile(tx).accounts
        _tell(app, digest.digest(brand, accounts, language=language), as_json=json)


def _tell(app: Outreach, text: str, *, as_json: bool) -> None:
    chats = robots.read(app.settings.notices)
    if not chats:
        raise Misconfigured("OUTREACH_NOTICES names no group chat, such as feishu://TOKEN:SECRET@")
    took = telling.tell(chats, text, now=app.means.clock())
    told = [{"chat": chat.service, "took": yes} for chat, yes in zip(chats, took, strict=True)]
    answer(
        {"text": text, "chats": told},
        as_json=as_json,
        text=f"{sum(took)} of {len(took)} took it:\n{text}",
    )
    if not all(took):
        raise typer.Exit(1)
