"""Commands about ways out."""

from collections.abc import Mapping
from typing import Annotated

import typer

from optout.model import Channel
from outreach.app import Outreach
from outreach.channels import own
from outreach.channels.opening import connections, named
from outreach.channels.protocol import WayOut
from outreach.cli.session import BrandOption, JsonOption, answer, answer_rows, one_of, opened
from outreach.inbound import refusals
from outreach.inbound.refusals import Refusals

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = (
    "channel", "way", "receipts", "idempotent", "looks_up", "inbound", "charged", "handful",
    "reports_to", "refused", "last_refusal",
)  # fmt: skip
ChannelArgument = Annotated[str, typer.Argument(help="email, sms or chat.")]
_CARRIED = (Channel.EMAIL, Channel.SMS, Channel.CHAT)


@cli.command("list")
def list_(
    brand: Annotated[str, typer.Option(help="Its own accounts alone.")] = "",
    json: JsonOption = False,
) -> None:
    """Show how each channel leaves, what that way can do, and where its provider reports to."""
    with opened() as app:
        rows = list(_of_brand(app, brand) if brand else _shared(app))
    none = "the brand has no account of its own" if brand else "there is none"
    answer_rows(rows, columns=_COLUMNS, as_json=json, none=none)


def _shared(app: Outreach) -> list[dict[str, object]]:
    refused = refusals.of(app.means.database)
    return [_row(channel.value, way, refused) for channel, way in app.means.ways.items()]


def _of_brand(app: Outreach, brand: str) -> list[dict[str, object]]:
    ref = app.brand(brand)
    refused = refusals.of(app.means.database, ref)
    return [_row(channel.value, way, refused) for channel, way in app.own.of(ref).ways.items()]


def _row(channel: str, way: WayOut, refused: Mapping[str, Refusals]) -> dict[str, object]:
    can, connected = way.capabilities, connections([way])
    told = (one.account.reports_to for one in connected.values())
    pushes = [refused[name] for name in connected if name in refused]
    return {
        "channel": channel,
        "way": named(way),
        "receipts": can.receipts, "idempotent": can.idempotent, "looks_up": can.looks_up,
        "inbound": can.inbound, "charged": can.charged, "handful": can.handful,
        "reports_to": " ".join(told),
        "refused": sum(one.refused for one in pushes),
        "last_refusal": "; ".join(one.last_refusal for one in pushes) or None,
    }  # fmt: skip


@cli.command("connect")
def connect(
    channel: ChannelArgument,
    brand: BrandOption,
    url: Annotated[str, typer.Option(help="The provider and the account: twilio://SID:token@")],
    json: JsonOption = False,
) -> None:
    """Send a brand's messages on a channel through an account of its own; kept sealed."""
    one_of(channel, [one.value for one in _CARRIED], what="channel")
    with opened() as app:
        ref, now = app.brand(brand), app.means.clock()
        with app.means.database.begin(ref) as tx:
            own.put(tx, ref, Channel(channel), url, sealing=app.sealing, now=now)
        way = app.own.of(ref).ways[Channel(channel)]
        told = _row(channel, way, {})
    text = f"{brand}: {channel} leaves by {told['way']}; it reports to {told['reports_to']}"
    answer(told, as_json=json, text=text)


@cli.command("disconnect")
def disconnect(channel: ChannelArgument, brand: BrandOption, json: JsonOption = False) -> None:
    """Send a brand's messages on a channel through the installation's account again."""
    one_of(channel, [one.value for one in _CARRIED], what="channel")
    with opened() as app:
        ref, now = app.brand(brand), app.means.clock()
        with app.means.database.begin(ref) as tx:
            own.drop(tx, Channel(channel), now=now)
    told = {"brand": brand, "channel": channel}
    answer(told, as_json=json, text=f"{brand}: {channel} leaves by the installation's account")
