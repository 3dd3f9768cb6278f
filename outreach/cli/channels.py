"""Commands about ways out."""

import typer

from outreach.channels.opening import connections, named
from outreach.channels.protocol import WayOut
from outreach.cli.session import JsonOption, answer_rows, opened

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = (
    "channel", "way", "receipts", "idempotent", "looks_up", "inbound", "charged", "handful",
    "reports_to",
)  # fmt: skip


@cli.command("list")
def list_(json: JsonOption = False) -> None:
    """Show how each channel leaves, what that way can do, and where its provider reports to."""
    with opened() as app:
        rows = [_row(channel.value, way) for channel, way in app.means.ways.items()]
    answer_rows(rows, columns=_COLUMNS, as_json=json, none="there is none")


def _row(channel: str, way: WayOut) -> dict[str, object]:
    can = way.capabilities
    told = (one.account.reports_to for one in connections([way]).values())
    return {
        "channel": channel,
        "way": named(way),
        "receipts": can.receipts, "idempotent": can.idempotent, "looks_up": can.looks_up,
        "inbound": can.inbound, "charged": can.charged, "handful": can.handful,
        "reports_to": " ".join(told),
    }  # fmt: skip
