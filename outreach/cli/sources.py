"""Commands about sources."""

import secrets as chance
from base64 import b64encode
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach import timezones
from outreach.app import Outreach
from outreach.cli.session import (
    BrandOption,
    JsonOption,
    answer,
    answer_rows,
    one_of,
    opened,
    readable,
    refusals,
)
from outreach.errors import Invalid
from outreach.events.model import Refusal
from outreach.events.sources import catalogue, columns, store, tables
from outreach.events.sources.columns import Columns
from outreach.events.sources.judging import Became, Known, became
from outreach.inbound import files
from outreach.inbound.files import Verdict
from outreach.signed.message import Message, Refused

cli = typer.Typer(no_args_is_help=True)

_COLUMNS = (
    "source", "kind", "last_message_at", "taken", "waiting", "failed", "tests", "set_aside",
    "refused", "last_refusal",
)  # fmt: skip
_SHOWN = ("type", "subject", "time", "test", "key", "data")


@cli.command("kinds")
def kinds(json: JsonOption = False) -> None:
    """Show the kinds of source that there are, and what secret each wants."""
    rows = [
        {"kind": one.kind, "signed": one.signed, "zone": one.zone, "secret": one.sign_with}
        for one in catalogue.SOURCES.values()
    ]
    columns = ("kind", "signed", "zone", "secret")
    answer_rows(rows, columns=columns, as_json=json, none="there are none")


@cli.command("add")
def add(
    name: str,
    kind: str,
    brand: BrandOption,
    secret: Annotated[str, typer.Option(help="What the platform signs with.")] = "",
    zone: Annotated[str, typer.Option(help="Of local times without one.")] = "",
    test: Annotated[bool, typer.Option("--test", help="Look at messages, act on none.")] = False,
    json: JsonOption = False,
) -> None:
    """Connect a platform; its address is shown this once."""
    one_of(kind, catalogue.SOURCES, what="kind of source")
    source = catalogue.SOURCES[kind]
    given = secret or (_made() if kind == "generic" else "")
    if source.signed and not given:
        raise Invalid(f"--secret is missing: {source.sign_with}")
    zone = zone or source.zone
    if zone not in timezones.names():
        raise Invalid(f"{zone!r} is no time zone, such as Asia/Shanghai")
    with opened() as app:
        ref = app.brand(brand)
        with app.means.database.begin(ref) as tx:
            address = store.add(
                tx, ref, key=name, kind=kind, secret=given, zone=zone, test=test,
                sealing=app.sealing,
            )  # fmt: skip
        url = f"{app.settings.public_url.rstrip('/')}/in/{address}"
    told = {"source": name, "kind": kind, "url": url}
    told |= {"secret": given} if given != secret else {}
    answer(told, as_json=json, text="\n".join(f"{key}: {value}" for key, value in told.items()))


@cli.command("list")
def list_(brand: BrandOption, json: JsonOption = False) -> None:
    """Show every source with its last message and how it is doing."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        rows = [{**row, "source": row["key"]} for row in store.health(tx)]
    answer_rows(rows, columns=_COLUMNS, as_json=json, none="no source is connected")


@cli.command("rotate")
def rotate(
    name: str,
    brand: BrandOption,
    secret: Annotated[str, typer.Option(help="The new secret; the last one stays live.")],
    json: JsonOption = False,
) -> None:
    """Give a source a new secret, beside which the last one goes on."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        store.rotate(tx, key=name, secret=secret, sealing=app.sealing)
    answer({"source": name}, as_json=json, text=f"{name} takes the new secret and the last one")


@cli.command("retire")
def retire(name: str, brand: BrandOption, json: JsonOption = False) -> None:
    """Take nothing more from a source."""
    with opened() as app, app.means.database.begin(app.brand(brand)) as tx:
        store.retire(tx, key=name, now=app.means.clock())
    answer({"source": name, "retired": True}, as_json=json, text=f"{name} is retired")


@cli.command("test")
def try_out(
    name: str,
    brand: BrandOption,
    body: Annotated[Path, typer.Option(help="A file with the body of a message.")],
    header: Annotated[list[str] | None, typer.Option(help="Such as 'X-Topic: order'.")] = None,
    query: Annotated[list[str] | None, typer.Option(help="Such as 'nonce=8'.")] = None,
    json: JsonOption = False,
) -> None:
    """Show what a message would become; nothing is kept."""
    message = Message(_bytes(body), _pairs(header, ":"), _pairs(query, "="))
    with opened() as app:
        known, now = _source(app, brand, name), app.means.clock()
        verdict = known.source.verify(message, known.secrets, now)
        told = became(known, message, now=now)
    _tell(known, told, verdict if isinstance(verdict, Refused) else None, now=now, as_json=json)


@cli.command("import")
def import_(
    name: str,
    file: Path,
    brand: BrandOption,
    column: Annotated[list[str] | None, typer.Option(help="Such as 'parcel=运单号'.")] = None,
    given: Annotated[list[str] | None, typer.Option(help="Such as 'type=order.paid'.")] = None,
    json: JsonOption = False,
) -> None:
    """Take in a file as CSV, XLSX or NDJSON; its columns are remembered for the next."""
    asked = Columns(_named(column), _named(given))
    with opened() as app:
        known, chosen = _remembered(app, brand, name, asked)
        rows = list(tables.rows(_bytes(file)))
        columns.check(chosen, next((row.cells for row in rows if not row.wrong), {}))
        verdicts = [v for some in files.take_in(app.means, known, iter(rows), chosen) for v in some]
        with app.means.database.begin(known.brand) as tx:
            store.remember(tx, chosen, key=name)
    _tell_verdicts(verdicts, as_json=json)


def _remembered(app: Outreach, brand: str, name: str, asked: Columns) -> tuple[Known, Columns]:
    ref = app.brand(brand)
    with app.means.database.begin(ref) as tx:
        return store.by_key(tx, ref, name, sealing=app.sealing), asked or store.columns_of(
            tx, key=name
        )


def _tell_verdicts(verdicts: list[Verdict], *, as_json: bool) -> None:
    counts = Counter(one.verdict for one in verdicts)
    refused = [one for one in verdicts if one.verdict == "refused"]
    refusals([f"line {one.line}: {one.code}: {one.sentence}" for one in refused], as_json=as_json)
    text = ", ".join(f"{many} {verdict.replace('_', ' ')}" for verdict, many in counts.items())
    answer({"counts": counts, "lines": verdicts}, as_json=as_json, text=text or "no line")
    if refused:
        raise typer.Exit(1)


def _tell(
    known: Known, told: list[Became], refused: Refused | None, *, now: datetime, as_json: bool
) -> None:
    rows = [_row(known, one, now=now) for one in told]
    wrong = [] if refused is None else [f"signature: {refused.code}: {refused.sentence}"]
    wrong += [f"{row['type']}: {row['refused']}" for row in rows if "refused" in row]
    refusals(wrong, as_json=as_json)
    if as_json:
        answer({"signature": refused.code if refused else "good", "events": rows}, as_json=True)
    else:
        answer_rows(rows, columns=_SHOWN, as_json=False, none="it says nothing that is kept")
    if wrong:
        raise typer.Exit(1)


def _row(known: Known, one: Became, *, now: datetime) -> dict[str, object]:
    raw = one.raw
    row: dict[str, object] = {
        "type": raw.type, "subject": raw.subject, "time": raw.at or now,
        "test": raw.test or known.test, "data": dict(raw.data), "person": raw.person,
    }  # fmt: skip
    if isinstance(one.event, Refusal):
        return row | {"refused": f"{one.event.code}: {one.event.sentence}"}
    return row | {"key": one.event.key}


def _source(app: Outreach, brand: str, name: str) -> Known:
    ref = app.brand(brand)
    with app.means.database.begin(ref) as tx:
        return store.by_key(tx, ref, name, sealing=app.sealing)


def _pairs(given: list[str] | None, between: str) -> dict[str, str]:
    split = [one.partition(between) for one in given or []]
    return {name.strip().lower(): value.strip() for name, _, value in split}


def _named(given: list[str] | None) -> dict[str, str]:
    """`field=column`, as they are written."""
    split = [one.partition("=") for one in given or []]
    return {name.strip(): value.strip() for name, _, value in split}


def _bytes(file: Path) -> bytes:
    with readable(file):
        return file.read_bytes()


def _made() -> str:
    """A secret for Standard Webhooks: 32 bytes in base64."""
    return f"whsec_{b64encode(chance.token_bytes(32)).decode()}"
