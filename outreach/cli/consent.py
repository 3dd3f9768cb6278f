"""Commands about consent."""

from dataclasses import asdict
from typing import Annotated

import typer

from optout.model import Action, Block, Channel, How, Purpose
from outreach.brands import store as brands
from outreach.cli import lists, recording
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    RefArgument,
    answer,
    answer_rows,
    line,
    opened,
    shown,
)
from outreach.errors import NotFound
from outreach.exports import asking as exports
from outreach.inbound import confirming, preferences
from outreach.inbound.consent import Change, Changed, change_person
from outreach.people import store as people
from outreach.people.model import person_id
from outreach.reports import consents
from outreach.web import recipients
from outreach.web.consents import ConsentSaid, as_shown

cli = typer.Typer(no_args_is_help=True)

ChannelOption = Annotated[Channel | None, typer.Option(help="All channels where left out.")]
ProductOption = Annotated[str | None, typer.Option(help="All products where left out.")]
CauseOption = Annotated[Block | None, typer.Option(help="Of a block, or of the lift that ends it.")]
KindOption = Annotated[
    list[str] | None, typer.Option(help="What a grant was like: express, written …; repeatable.")
]
PurposeOption = Annotated[Purpose | None, typer.Option(help="All purposes where left out.")]


@cli.callback()
def about() -> None:
    """What a person agreed to, or took back."""


@cli.command("change")
def change(  # noqa: PLR0917  # Typer reads options off the parameters
    ref: RefArgument,
    action: Action,
    brand: BrandOption,
    evidence: Annotated[str, typer.Option(help="Where the proof lies.")],
    channel: ChannelOption = None,
    purpose: PurposeOption = None,
    product: ProductOption = None,
    cause: CauseOption = None,
    kind: KindOption = None,
    wording: Annotated[str | None, typer.Option(help="Which text was agreed to.")] = None,
    json: JsonOption = False,
) -> None:
    """Grant, withdraw, block or lift; answers once nothing more can start."""
    asked = Change(
        action, How.CONSOLE, evidence, channel, purpose,
        product=product, block=cause, kinds=tuple(kind) if kind else None, wording=wording,
    )  # fmt: skip
    with opened() as app:
        brand_ref = app.brand(brand)
        person = person_id(brand_ref, ref)
        changed = change_person(app.means, brand_ref, person, asked)
        confirming.tell_of(app.means, brand_ref, person, asked, changed.effective_at)
    answer(changed, as_json=json, text=_sentence(action, changed))


@cli.command("ask")
def ask(
    ref: RefArgument,
    brand: BrandOption,
    json: JsonOption = False,
) -> None:
    """What is allowed now and why, for each channel and purpose; addresses masked."""
    with opened() as app:
        brand_ref = app.brand(brand)
        with app.means.database.begin(brand_ref) as tx:
            id_ = person_id(brand_ref, ref)
            person = people.by_id(tx, [id_]).get(id_)
            if person is None:
                raise NotFound("there is no such person")
            now = app.means.clock()
            asked = preferences.boxes(tx, app.means, brands.get(tx), person, now=now)
    rows = [
        {
            "channel": box.channel, "address": recipients.shown(person.address(box.channel)),
            "purpose": box.purpose, "allowed": "yes" if box.allowed else "no",
            "reason": box.reason, "sentence": box.sentence,
        }
        for box in asked
    ]  # fmt: skip
    columns = ("channel", "address", "purpose", "allowed", "sentence")
    answer_rows(rows, columns=columns, as_json=json, none="this person has no address")


@cli.command("history")
def history(ref: RefArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """All that was said about a person's addresses, the oldest first; addresses masked."""
    with opened() as app:
        brand_ref = app.brand(brand)
        said = consents.of_person(app.means, brand_ref, person_id(brand_ref, ref))
    told = [as_shown(one) for one in said]
    rows = [asdict(one) if json else _row(one) for one in told]
    columns = ("at", "action", "channel", "purpose", "address", "of", "how", "evidence")
    answer_rows(rows, columns=columns, as_json=json, none="nobody said anything about this person")


@cli.command("export")
def export(brand: BrandOption) -> None:
    """All that was said to the brand and to the agency, a JSON object a line; addresses masked."""
    with opened() as app:
        place, now = app.brand(brand), app.means.clock()
        with app.means.database.begin(place) as tx:
            exports.allow(tx, place, "consents", by=recording.by(), now=now)
        with app.means.database.begin(place) as tx:
            for one in consents.of_brand(tx):
                line(asdict(as_shown(one)))


cli.command("import")(lists.take_in)
cli.command("lists")(lists.held)


def _row(said: ConsentSaid) -> dict[str, object]:
    """As values, with what a missing word stands for."""
    whole = {
        "channel": said.channel or "all", "purpose": said.purpose or "all",
        "of": said.of or "the agency", "at": shown(said.at),
    }  # fmt: skip
    return asdict(said) | whole


def _sentence(action: Action, changed: Changed) -> str:
    if not changed.entries:
        return f"nothing to {action}: this person has no such address"
    many = "1 address" if changed.entries == 1 else f"{changed.entries} addresses"
    still = f"; still in the air: {', '.join(changed.in_air)}" if changed.in_air else ""
    return f"{action} holds for {many} since {shown(changed.effective_at)}{still}"
